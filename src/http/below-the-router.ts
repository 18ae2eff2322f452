import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { FastifyRequest } from 'fastify';

import { Problem, PROBLEM_TYPE } from './problem';
import type { RouteTable } from './route-table';

/**
 * The maximum size of a request's line and headers in bytes: enough for a dozen of the longest extension attributes,
 * percent-encoded, in binary mode.
 */
export const MAX_HEAD_BYTES = 256 * 1024;

/** Options with which Node's server leaves as many refusals as possible to this file, so that they carry a code. */
export const SERVER_OPTIONS = {
  maxHeaderSize: MAX_HEAD_BYTES,
  // Node would refuse a request without Host with an empty answer. {@link refusedAtOnce} refuses it instead.
  requireHostHeader: false,
} as const;

/** What Node's parser reports about a request that it can't parse. */
export interface ParserError extends Error {
  readonly code?: string;
  readonly rawPacket?: Buffer;
  readonly bytesParsed?: number;
}

/** How much of a request line is looked at, in bytes, and what a valid one looks like, whatever its method. */
const LONGEST_LINE = 16 * 1024;
const REQUEST_LINE = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64} (\S{1,8192}) HTTP\/1\.[01]\r?\n/;

/** Answers bytes that never become a request because Node's parser failed on them. */
export function answerParserError(routes: RouteTable, error: ParserError, socket: Socket): void {
  const { _httpMessage: answering } = socket as Socket & { _httpMessage?: ServerResponse | null };
  if (error.code === 'ECONNRESET' || !socket.writable || answering?.headersSent === true) {
    socket.destroy();
  } else if (answering?.req.complete === true) {
    // An earlier, complete request is not answered yet. Let it be answered, and then close the connection.
    answering.once('close', () => socket.destroySoon());
  } else {
    write(socket, problemOf(error, routes));
  }
}

/** Answers requests that Node's server would refuse by itself, or not answer at all. */
export function answerRefusals(server: Server, routes: RouteTable): void {
  server.maxHeadersCount = 0; // The number is bounded by the bytes. Node would silently drop further headers.
  server.on('checkExpectation', (_: IncomingMessage, response: ServerResponse) => {
    const detail = 'The only supported expectation is 100-continue. Leave Expect out.';
    send(response, new Problem('expectation_failed', detail));
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    socket.on('error', () => socket.destroy());
    write(socket, noSuchRoute(routes, request.url ?? ''));
  });
}

/** Returns what is wrong with a request that neither Node nor Fastify may judge; `undefined` if it may proceed. */
export function refusedAtOnce(
  { raw, is404 }: FastifyRequest,
  routes: RouteTable,
): Problem | undefined {
  if (raw.httpVersion === '1.1' && raw.headers.host === undefined) {
    return new Problem('invalid_body', 'An HTTP/1.1 request must have a Host header.');
  }
  // Fastify would demand a body of a known type before it says that there is no such route.
  if (raw.method === 'QUERY' && is404) return noSuchRoute(routes, raw.url ?? '');
  return undefined;
}

function problemOf(error: ParserError, routes: RouteTable): Problem {
  if (error.code === 'HPE_HEADER_OVERFLOW') {
    return new Problem(
      'headers_too_large',
      `The line and headers of a request may have at most ${MAX_HEAD_BYTES / 1024} KiB. Send the event in structured mode.`,
    );
  }
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new Problem(
      'request_timeout',
      'The whole request did not arrive in time. Send it again.',
    );
  }
  if (error.code === 'HPE_INVALID_METHOD') {
    const line = REQUEST_LINE.exec(lineOf(error));
    if (line !== null) return noSuchRoute(routes, line[1]!);
  }
  return new Problem('invalid_body', 'This is not a readable HTTP request.');
}

/** Returns the line at which the parser gave up. Complete requests may precede it in the same packet. */
function lineOf({ rawPacket, bytesParsed = 0 }: ParserError): string {
  if (rawPacket === undefined) return '';
  const start = bytesParsed === 0 ? 0 : rawPacket.lastIndexOf(0x0a, bytesParsed - 1) + 1;
  return rawPacket.subarray(start, start + LONGEST_LINE).toString('latin1');
}

/** Returns the answer for a method that no route takes, at any path. */
function noSuchRoute(routes: RouteTable, url: string): Problem {
  return (
    routes.methodNotAllowed(url) ??
    new Problem('method_not_allowed', 'There is no such method here.')
  );
}

function send(response: ServerResponse, problem: Problem): void {
  const { body, headers } = inBytes(problem);
  response.writeHead(problem.status, headers).end(body);
}

function write(socket: Socket, problem: Problem): void {
  const { body, headers } = inBytes(problem);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const status = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n`;
  socket.end(Buffer.concat([Buffer.from(`${status}${lines.join('')}\r\n`), body]), () =>
    socket.destroySoon(),
  );
}

function inBytes(problem: Problem): { body: Buffer; headers: Record<string, string> } {
  const body = Buffer.from(JSON.stringify(problem.body()));
  const headers = {
    ...problem.headers,
    'content-type': PROBLEM_TYPE,
    'content-length': String(body.length),
    connection: 'close',
  };
  return { body, headers };
}
