import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

import { TestService, type Problem } from '../support/service';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: { readonly type: string };
  readonly example?: unknown;
}

type Paths = Readonly<
  Record<string, { readonly get?: { readonly parameters?: readonly Parameter[] } }>
>;

const NOW = Date.parse('2026-10-20T00:00:00Z');

const NO_SUCH_DAY = '2026-02-30T00:00:00Z';

/** Values that a caller may try for any parameter. */
const TRIED = [
  ...['', 'a', 'A', '-', '.', '..', 'a b', 'ü', 'a\n', '~', 'a~1', 'x'.repeat(64), 'x'.repeat(65)],
  ...['x'.repeat(128), 'x'.repeat(129), 'a/b', '%', 'null', 'true', '\u212a', 'a\u0007'],
  ...[
    '0',
    '1',
    '3',
    '24',
    '25',
    '500',
    '501',
    '-1',
    '+1',
    '01',
    ' 1',
    '1e1',
    '0x10',
    '1.5',
    '0.50',
  ],
  ...['9007199254740991', '9007199254740992', '10000000000', '10000000001', '12345678901234567'],
  ...['2026-10', '2026-13', '0001-01', '1969-11', '1969-12', '2026-1', '9999-12'],
  ...[
    '2026-10-05T10:00:00Z',
    '2026-10-05T10:00:00.1234567+08:00',
    '2026-10-05',
    '2026-10-05T10:00',
    '1969-12-31T23:00:00-08:00',
    NO_SUCH_DAY,
    '2026-10-05T10:00:60Z',
  ],
  ...['TWD', 'twd', 'TW', 'day', 'DAY', 'week', 'original', 'json', 'csv', 'focus', 'pending'],
  ...['google', 'GOOGLE', 'srt', 'delivered', 'matched', 'wh_0', 'wh_', 'alert_0', 'key_0'],
  ...['00000000-0000-4000-8000-000000000000', '00000000-0000-4000-8000-00000000000G'],
];

/** Refusals because of what a ledger of one event contains, which no schema can express. */
const OF_THE_LEDGER = / lies (ahead|before)|must not be greater/;

/** The service accepts exactly the parameters that the document allows. */
describe('a parameter of a read, in the OpenAPI document and in the service', () => {
  let service: TestService;
  let paths: Paths;
  const ajv = new Ajv({ strict: false });
  addFormats(ajv);

  beforeAll(async () => {
    service = await TestService.start({ now: () => NOW, waitMs: 1 });
    paths = (await service.get<{ paths: Paths }>('/openapi.json')).body.paths;
  });
  afterAll(() => service.close());

  const addressOf = (path: string, all: readonly Parameter[], tried: Parameter, value: string) => {
    let filled = path;
    const query = new URLSearchParams();
    for (const one of all) {
      const text = one === tried ? value : String(one.example);
      if (one.in === 'path') filled = filled.replace(`{${one.name}}`, encodeURIComponent(text));
      else if (one.required || one === tried) query.set(one.name, text);
    }
    return `${filled}?${query.toString()}`;
  };

  /** A parameter arrives as text; digits stand for a number. */
  const valueOf = ({ schema }: Parameter, text: string): unknown =>
    schema.type === 'integer' && /^-?\d+$/.test(text) ? Number(text) : text;

  it('is accepted if the document allows it, and otherwise refused by name', async () => {
    const wrong: unknown[] = [];
    const judged = { allowed: 0, refused: 0 };
    const seen = new Set<string>();
    for (const [path, { get }] of Object.entries(paths)) {
      const all = get?.parameters ?? [];
      for (const one of all) {
        // The same code checks a rule wherever it occurs: once is enough.
        const rule = JSON.stringify([one.name, one.in, one.required, one.schema]);
        if (seen.has(rule)) continue;
        seen.add(rule);
        const validate = ajv.compile(one.schema);
        for (const text of TRIED) {
          // The pattern for a position or a time does not know how many days a month has.
          if (one.name === 'as_of' && text === NO_SUCH_DAY) continue;
          // A path with an empty or dotted segment is another path.
          if (one.in === 'path' && ['', '.', '..'].includes(text)) continue;
          const answer = await service.fetch(addressOf(path, all, one, text));
          const body = await answer.text();
          const problem = answer.status >= 400 ? (JSON.parse(body) as Problem) : undefined;
          const isAllowed = validate(valueOf(one, text));
          judged[isAllowed ? 'allowed' : 'refused'] += 1;
          if (OF_THE_LEDGER.test(problem?.detail ?? '')) continue;
          if (isAllowed === (problem?.code !== 'invalid_parameter')) continue;
          wrong.push([
            path,
            one.name,
            text.slice(0, 40),
            isAllowed,
            answer.status,
            problem?.detail,
          ]);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(judged.allowed).toBeGreaterThan(300);
    expect(judged.refused).toBeGreaterThan(300);
  });
});
