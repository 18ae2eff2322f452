import { existsSync } from 'node:fs';
import { join } from 'node:path';

import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { Problem } from './problem';

/** Answers a request for what is not there. */
export type Refuse = (problem: Problem, request: FastifyRequest, reply: FastifyReply) => void;

/** The first page. */
const PAGE = 'index.html';

/** Pages that a build made, and what the service says of them. */
export interface BuiltFiles {
  /** The path of the first page, which all files are below: it begins and ends with a slash. */
  readonly under: string;
  /** The folder that holds them; `undefined` if they were not built. */
  readonly folder: string | undefined;
  /** How the route says for whom it is, and what a browser may do with its answers. */
  readonly options: object;
  /** What a person is told if they were not built. */
  readonly notBuilt: string;
  /** What a person is told about a file that the build does not have. */
  readonly noSuchFile: string;
  /** Whether a page is also found by its name without `.html`, with a slash after it, or as the `.md` that it was made of. */
  readonly pagesByName?: true;
  /** Says more of the first page before it is sent. */
  readonly beforePage?: (reply: FastifyReply) => Promise<void>;
}

/**
 * The folder of a build: beside the service's code, or in `dist` if that runs from its sources.
 * @returns `undefined` if it holds no first page.
 */
export function builtFolder(name: string): string | undefined {
  return [join(__dirname, '..', name), join(__dirname, '../../dist', name)].find((folder) =>
    existsSync(join(folder, PAGE)),
  );
}

/** Serves the files of a build, and leads from its path without the slash to its first page. */
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

/** How builds name their files: none is hidden, and none leads out of its folder. */
const NAME = /^([A-Za-z0-9_-]+\/)*[A-Za-z0-9@_-]+(\.[A-Za-z0-9_-]+)+$/;

/** Whether a build has this file now: another build may have taken its place. */
function isThere(folder: string, name: string): boolean {
  return NAME.test(name) && existsSync(join(folder, name));
}

/** The file of a page that somebody named otherwise. */
function pageOf(name: string): string | undefined {
  const bare = name.replace(/\/$/, '').replace(/\.(html|md)$/, '');
  return bare === '' ? undefined : `${bare}.html`;
}

function queryOf(url: string): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at);
}

/** Files that carry the hash of their content in their names never change; the page that names them does. */
function cachingOf(name: string): string {
  return name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}
