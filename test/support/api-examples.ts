import { eventually } from './eventually';
import type { HttpService } from './service';

/** What was sent to an operation, and its answers: JSON values, or texts of another kind. */
export interface OperationExamples {
  readonly parameters: Record<string, unknown>;
  /** By media type. */
  readonly request: Record<string, unknown>;
  /** By status, then by media type; null if there is no body. */
  readonly responses: Record<string, Record<string, unknown> | null>;
}

export interface Call {
  /** Such as `GET /v1/users/{user_id}/plan`. */
  readonly operation: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent unchanged, any other value as JSON. */
  readonly body?: unknown;
  readonly type?: string;
  readonly accept?: string;
  /** A key to use instead of the default; null sends none. */
  readonly key?: string | null;
}

export type AllExamples = Record<string, OperationExamples>;

/** Calls a service, and keeps the first answer of each status and media type as an example. */
export class ExampleRecorder {
  readonly examples: AllExamples = {};

  constructor(private readonly service: HttpService) {}

  /** Sends a call. Keeps the answer, and the request if it is the operation's first success of that media type. */
  async call<T = Record<string, never>>(call: Call): Promise<T> {
    const answer = await this.sent(call);
    const text = await answer.text();
    const kind = (answer.headers.get('content-type') ?? '').split(';')[0]!;
    const body: unknown = /[/+]json$/.test(kind) ? JSON.parse(text) : text;
    const kept = (this.examples[call.operation] ??= { parameters: {}, request: {}, responses: {} });
    if (answer.status < 400) this.keepRequest(kept, call);
    if (text === '') kept.responses[answer.status] ??= null;
    else (kept.responses[answer.status] ??= {})[kind] ??= body;
    return body as T;
  }

  private keepRequest({ parameters, request }: OperationExamples, call: Call): void {
    for (const [name, value] of Object.entries({ ...call.path, ...call.query, ...call.headers })) {
      parameters[name] ??= value;
    }
    if (call.body !== undefined) request[call.type ?? 'application/json'] ??= call.body;
  }

  /** Repeats a call as long as it is answered with 503: on a busy machine, the read model may lag. */
  private async sent(call: Call): Promise<Response> {
    const [method = '', template = ''] = call.operation.split(' ');
    const query = new URLSearchParams(
      Object.entries(call.query ?? {}).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]),
    );
    const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(call.path?.[name] ?? 'none'),
    );
    const url = `${path}${query.size === 0 ? '' : `?${query.toString()}`}`;
    const init: RequestInit = { method, headers: headersOf(call) };
    if (call.body !== undefined) {
      init.body = typeof call.body === 'string' ? call.body : JSON.stringify(call.body);
    }
    const ask = (): Promise<Response> =>
      call.key === null ? fetch(this.service.url + url, init) : this.service.fetch(url, init);
    let answer: Response = await ask();
    await eventually(async () => {
      if (answer.status !== 503) return true;
      answer = await ask();
      return answer.status !== 503;
    });
    return answer;
  }
}

function headersOf({ body, type, accept, key, headers }: Call): Record<string, string> {
  return {
    ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }),
    ...(accept === undefined ? {} : { accept }),
    ...(typeof key === 'string' ? { authorization: `Bearer ${key}` } : {}),
    ...headers,
  };
}

const ZEROS = '0'.repeat(64);

/** Values that differ between ledgers, each as a pattern with its replacement. */
const CHANCE: readonly (readonly [RegExp, string])[] = [
  [/mb_([a-z]+)_[0-9A-Za-z]{49}/g, `mb_$1_${'0'.repeat(49)}`],
  [/whsec_[A-Za-z0-9+/]{43}=/g, `whsec_${'A'.repeat(43)}=`],
];
const BY_CHANCE: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'uuid'],
  [/[0-9a-f]{64}/g, ZEROS],
  [/\+[0-9a-f]{8}\+/g, '+key+'],
  [/\b(alert|dlv|key|msg|wh)_[\w-]{16,80}/g, '$1_id'],
  [/"next_cursor":"[^"]*"/g, '"next_cursor":"…"'],
  // Sealed values and the names of their keys, also inside nested JSON texts.
  [/(\\*"(?:sealed|key)\\*":\\*")[\w-]{16,}/g, '$1sealed'],
  [/[A-Za-z0-9+/]{32,}={0,2}/g, 'base64'],
  // Also inside a text, where quotation marks are escaped.
  [/(\\?"(?:duration_ms|events_per_second|seconds_left)\\?"):\d+/g, '$1:0'],
];

/** Removes keys, secrets and the receiver's address: even those of a discarded ledger do not belong in examples. */
export function fitToPrint(examples: AllExamples, receiver: string): AllExamples {
  const text = JSON.stringify(examples).replaceAll(receiver, 'https://billing.example.com/hook');
  return replaced(text, CHANCE);
}

/** Gives the same for any two ledgers that received the same calls. */
export function withoutChance(examples: AllExamples): AllExamples {
  const same = replaced(JSON.stringify(examples), BY_CHANCE);
  const keys = same['GET /v1/keys']?.responses['200']?.['application/json'];
  // Keys made at the same time are listed by id.
  (keys as { items: { name: string }[] }).items.sort((a, b) => (a.name < b.name ? -1 : 1));
  return same;
}

function replaced(text: string, patterns: readonly (readonly [RegExp, string])[]): AllExamples {
  const changed = patterns.reduce((so, [pattern, by]) => so.replaceAll(pattern, by), text);
  return JSON.parse(changed) as AllExamples;
}
