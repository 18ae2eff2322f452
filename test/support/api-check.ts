import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

import Ajv, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: { readonly type?: unknown };
}

type Content = Readonly<Record<string, { readonly schema?: object }>>;

interface Header {
  readonly required?: boolean;
}

/** The headers that say what an answer is an answer of. A success that has one declares it. */
const OWN_HEADERS = ['minutebook-position', 'minutebook-behind', 'etag'];

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly content?: Content;
        readonly headers?: Readonly<Record<string, Header | { readonly $ref: string }>>;
      }
    >
  >;
  readonly security?: readonly object[];
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly security?: readonly object[];
  readonly components?: { readonly headers?: Readonly<Record<string, Header>> };
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A request and its answer, as they were sent. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: Buffer;
  readonly status: number;
  readonly answerHeaders: Headers;
  readonly answer: Buffer;
}

/** The answers that an operation gave. */
export interface Seen {
  succeeded: number;
  /** Statuses from 400 to 499. */
  refused: Set<number>;
}

/**
 * The status of a batch of which a part was refused. The refused part need not conform to the document, so such a body
 * is not checked.
 */
const IN_PART = 207;

/**
 * Checks every exchange against the document, as Prism would: the document has the operation, it declares the status,
 * media type, headers and body of the answer, and it allows whatever the service accepted.
 */
export class ApiCheck {
  /** The mistakes found, one line each. */
  readonly mistakes: string[] = [];
  /** The answers of every operation of the document, by operation, such as `GET /v1/plans`. */
  readonly seen = new Map<string, Seen>();
  private readonly ajv = addFormats(
    new Ajv({ strict: false, allErrors: true, coerceTypes: false }),
  );
  private readonly coercing = addFormats(new Ajv({ strict: false, coerceTypes: true }));
  private readonly routes: { readonly path: string; readonly pattern: RegExp }[];

  constructor(private readonly document: ApiDocument) {
    this.ajv.addSchema({ $id: 'api', ...document });
    this.coercing.addSchema({ $id: 'api', ...document });
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const method of Object.keys(methods)) {
        const seen = { succeeded: 0, refused: new Set<number>() };
        this.seen.set(`${method.toUpperCase()} ${path}`, seen);
      }
    }
    this.routes = Object.keys(document.paths)
      // A path without parameters comes before one that would match it as a parameter.
      .sort((a, b) => a.split('{').length - b.split('{').length)
      .map((path) => ({ path, pattern: patternOf(path) }));
  }

  check(exchange: Exchange): void {
    const { pathname, searchParams } = new URL(exchange.url, 'http://service');
    const route = this.routes.find(({ pattern }) => pattern.test(pathname));
    const method = exchange.method.toLowerCase();
    const operation = route && this.document.paths[route.path]![method];
    if (operation === undefined) {
      return this.add(exchange, 'the document has no such operation');
    }
    const name = `${exchange.method} ${route!.path}`;
    const place = ['paths', route!.path, method];
    this.checkAnswer(exchange, operation, place);
    const seen = this.seen.get(name)!;
    if (exchange.status >= 500) return;
    if (exchange.status >= 400) {
      seen.refused.add(exchange.status);
      return;
    }
    seen.succeeded += 1;
    this.checkParameters(exchange, operation, searchParams, place);
    if (exchange.status !== IN_PART) this.checkBody(exchange, operation, place);
    const needsKey = (operation.security ?? this.document.security ?? []).length > 0;
    if (needsKey && exchange.headers['authorization'] === undefined) {
      this.add(exchange, 'it was answered without a key');
    }
  }

  /** Operations that never succeeded, and operations that were never refused. */
  unseen(): { readonly succeeded: string[]; readonly refused: string[] } {
    const all = [...this.seen];
    const where = (is: (seen: Seen) => boolean) =>
      all.filter(([, seen]) => is(seen)).map(([name]) => name);
    return {
      succeeded: where(({ succeeded }) => succeeded === 0),
      refused: where(({ refused }) => refused.size === 0),
    };
  }

  private checkAnswer(exchange: Exchange, { responses }: Operation, place: string[]): void {
    const { status, answerHeaders: headers } = exchange;
    // The default describes refusals.
    const others = status < 400 ? [] : [`${String(status)[0]}XX`, 'default'];
    const key = [String(status), ...others].find((one) => Object.hasOwn(responses, one));
    if (key === undefined) return this.add(exchange, `${status} is not declared`);
    const { content, headers: declared = {} } = responses[key]!;
    this.checkHeaders(exchange, declared);
    const kind = mediaTypeOf(headers);
    if (kind === undefined) {
      if (exchange.answer.length > 0) this.add(exchange, `${status} has no media type`);
      if (content !== undefined && status !== 304) this.add(exchange, `${status} lacks its body`);
      return;
    }
    if (content?.[kind] === undefined) {
      return this.add(exchange, `${status} answers ${kind}, which is not declared`);
    }
    if (exchange.method === 'HEAD' || !/[/+]json$/.test(kind)) return;
    const body = decoded(exchange.answer, headers);
    this.compare(exchange, body, [...place, 'responses', key, 'content', kind, 'schema']);
  }

  private checkHeaders(
    exchange: Exchange,
    declared: NonNullable<Operation['responses'][string]['headers']>,
  ): void {
    const { status, answerHeaders: headers } = exchange;
    for (const [name, one] of Object.entries(declared)) {
      const { required = false } =
        '$ref' in one ? this.document.components!.headers![one.$ref.split('/').at(-1)!]! : one;
      if (required && headers[name.toLowerCase()] === undefined) {
        this.add(exchange, `${status} lacks its header ${name}`);
      }
    }
    if (status >= 400) return;
    const known = Object.keys(declared).map((name) => name.toLowerCase());
    for (const name of OWN_HEADERS) {
      if (headers[name] === undefined || known.includes(name)) continue;
      this.add(exchange, `${status} has the header ${name}, which is not declared`);
    }
  }

  private checkParameters(
    exchange: Exchange,
    { parameters = [] }: Operation,
    query: URLSearchParams,
    place: string[],
  ): void {
    const known = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
    for (const name of query.keys()) {
      if (!known.includes(name)) this.add(exchange, `it took ${name}, which is not declared`);
    }
    for (const [index, one] of parameters.entries()) {
      if (one.in === 'path') continue;
      const value =
        one.in === 'query' ? query.get(one.name) : exchange.headers[one.name.toLowerCase()];
      if (value === null || value === undefined) {
        if (one.required === true) this.add(exchange, `it was answered without ${one.name}`);
        continue;
      }
      const validate = this.schemaAt(this.coercing, [...place, 'parameters', String(index)]);
      if (!validate({ value })) this.add(exchange, `it took ${one.name}=${String(value)}`);
    }
  }

  private checkBody(exchange: Exchange, { requestBody }: Operation, place: string[]): void {
    const kind = mediaTypeOf(exchange.headers);
    if (exchange.body.length === 0) {
      if (requestBody?.required === true) this.add(exchange, 'it was answered without a body');
      return;
    }
    if (requestBody === undefined || kind === undefined) return;
    const { content } = requestBody;
    if (content[kind] === undefined) {
      return this.add(exchange, `it took ${kind}, which is not declared`);
    }
    if (!/[/+]json$/.test(kind)) return;
    const body = decoded(exchange.body, exchange.headers);
    this.compare(exchange, body, [...place, 'requestBody', 'content', kind, 'schema']);
  }

  private compare(exchange: Exchange, body: Buffer, place: string[]): void {
    const validate = this.ajv.compile({ $ref: pointerTo(place) });
    let value: unknown;
    try {
      value = JSON.parse(body.toString());
    } catch {
      return this.add(exchange, `${place.at(-2)} is not JSON`);
    }
    if (validate(value)) return;
    const errors = (validate.errors ?? []).map((one) => `${one.instancePath} ${one.message}`);
    this.add(exchange, `${place.slice(2).join(' ')}: ${errors.join('; ')}`);
  }

  /** A parameter's schema inside an object schema: coercion needs an object to write the value to. */
  private schemaAt(ajv: Ajv, place: string[]): ValidateFunction {
    return ajv.compile({ properties: { value: { $ref: pointerTo([...place, 'schema']) } } });
  }

  private add({ method, url, status }: Exchange, mistake: string): void {
    this.mistakes.push(`${method} ${url} ${status}: ${mistake}`);
  }
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

function pointerTo(place: readonly string[]): string {
  const escaped = place.map((part) =>
    encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')),
  );
  return `api#/${escaped.join('/')}`;
}

function mediaTypeOf(headers: Headers): string | undefined {
  return (headers['content-type'] as string | undefined)?.split(';')[0]!.trim().toLowerCase();
}

function decoded(body: Buffer, headers: Headers): Buffer {
  switch (headers['content-encoding']) {
    case 'gzip':
      return gunzipSync(body);
    case 'deflate':
      return inflateSync(body);
    case 'br':
      return brotliDecompressSync(body);
    default:
      return body;
  }
}
