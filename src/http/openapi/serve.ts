import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';

import { describeApi } from './document';

/**
 * Whether a route belongs to the API's description: the document, the page that shows it, and that page's files. The
 * guide, which is also below `/docs`, does not.
 */
export function isOfApiDescription(path: string): boolean {
  return /^\/(docs(\/(?!guide(\/|$)).*)?|openapi\.(json|yaml))$/.test(path);
}

/** Serves the API's description at `/openapi.json` and a page for it at `/docs`. */
export function serveApiDescription(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => describeApi(app), {
    customSiteTitle: 'Minutebook API',
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
  });
}
