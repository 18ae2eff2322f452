import { existsSync } from 'node:fs';
import { join } from 'node:path';

import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { Problem } from './problem';

/** Answers a request for a file that does not exist. */
export type Refuse = (problem: Problem, request: FastifyRequest, reply: FastifyReply) => void;

/** The first page of a build. */
const PAGE = 'index.html';

/** A folder of built pages, and how the service serves them. */
export interface BuiltFiles {
  /** The path of the first page; all files are below it. It begins and ends with a slash. */
  readonly under: string;
  /** The folder that holds them; `undefined` if they were not built. */
  readonly folder: string | undefined;
  /** The route's options: who may call it, and what a browser may do with its answers. */
  readonly options: object;
  /** The message if the pages were not built. */
  readonly notBuilt: string;
  /** The message for a file that the build does not have. */
  readonly noSuchFile: string;
  /**
   * Whether a page is also found by its name without `.html`, with a trailing slash, or as the `.md` that it was made
   * from.
   */
  readonly pagesByName?: true;
  /** Adds headers to the first page before it is sent. */
  readonly beforePage?: (reply: FastifyReply) => Promise<void>;
}

/**
 * Returns the folder of a build: next to the service's code, or in `dist` if the service runs from its sources.
 * @returns `undefined` if it holds no first page.
 */
export function builtFolder(name: string): string | undefined {
  return [join(__dirname, '..', name), join(__dirname, '../../dist', name)].find((folder) =>
    existsSync(join(folder, PAGE)),
  );
}

/** Serves the files of a build. Redirects the path without its last slash to the first page. */
export async function serveBuiltFiles(
  fastify: FastifyInstance,
  { under, folder, options, notBuilt, noSuchFile, pagesByName, beforePage }: BuiltFiles,
  refuse: Refuse,
): Promise<void> {
  fastify.get(under.slice(0, -1), options, (_, reply) => reply.redirect(under));
  if (folder === undefined) {
    fastify.get(`${under}*`, options, (request, reply) =>
      refuse(new Problem('not_found', notBuilt), request, reply),
    );
    return;
  }
  await fastify.register(async (scope) => {
    await scope.register(fastifyStatic, { root: folder, serve: false, cacheControl: false });
    scope.get<{ Params: { '*': string } }>(`${under}*`, options, async (request, reply) => {
      const name = request.params['*'] === '' ? PAGE : request.params['*'];
      if (!isThere(folder, name)) {
        const page = pagesByName === true ? pageOf(name) : undefined;
        if (page !== undefined && isThere(folder, page)) {
          return reply.redirect(`${under}${page}${queryOf(request.url)}`);
        }
        refuse(new Problem('not_found', noSuchFile), request, reply);
        return reply;
      }
      if (name === PAGE) await beforePage?.(reply);
      void reply.header('cache-control', cachingOf(name));
      return reply.sendFile(name);
    });
  });
}

/** How builds name their files: none is hidden, and none lies outside the build's folder. */
const NAME = /^([A-Za-z0-9_-]+\/)*[A-Za-z0-9@_-]+(\.[A-Za-z0-9_-]+)+$/;

/** Whether the build has this file now. Another build may have replaced it. */
function isThere(folder: string, name: string): boolean {
  return NAME.test(name) && existsSync(join(folder, name));
}

/** Returns the file of a page that was requested by another form of its name. */
function pageOf(name: string): string | undefined {
  const bare = name.replace(/\/$/, '').replace(/\.(html|md)$/, '');
  return bare === '' ? undefined : `${bare}.html`;
}

function queryOf(url: string): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at);
}

/** A file with a hash of its content in its name never changes; the page that refers to it does. */
function cachingOf(name: string): string {
  return name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}
