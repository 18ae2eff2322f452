import type { FastifyInstance } from 'fastify';

import { builtFolder, serveBuiltFiles, type Refuse } from '../http/built-files';

/**
 * Limits the browser to the guide's own files. They may reach no other host. The theme's icons are data URLs in its
 * styles.
 */
const PAGE = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};
/** Everybody may load the files: they are the documentation. */
const OPEN = { config: { access: 'everybody' as const, mayLoad: PAGE } };

/** Returns the folder of the guide's files; `undefined` if it was not built. */
export function builtGuide(): string | undefined {
  return builtFolder('site');
}

/**
 * Serves the documentation at `/docs/guide/`, below the page of the API.
 * @param folder what {@link builtGuide} found.
 * @param refuse answers a request for a file that does not exist.
 */
export function serveGuide(
  fastify: FastifyInstance,
  folder: string | undefined,
  refuse: Refuse,
): Promise<void> {
  const files = {
    under: '/docs/guide/',
    folder,
    options: OPEN,
    notBuilt: 'The guide is not built. Run npm run docs:build, then start the service again.',
    pagesByName: true as const,
    noSuchFile: 'The guide has no such page. It begins at /docs/guide/.',
  };
  return serveBuiltFiles(fastify, files, refuse);
}
