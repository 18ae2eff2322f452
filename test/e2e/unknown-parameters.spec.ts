import { TestService, type Problem } from '../support/service';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly example?: unknown;
}

interface Document {
  readonly paths: Readonly<
    Record<string, { readonly get?: { readonly parameters?: readonly Parameter[] } }>
  >;
}

/** Reads that accept any query, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  '/health/live':
    'Probes and load balancers add what they like, such as a time against caches: a refusal would stop a healthy service.',
  '/health/ready': 'The same.',
};

describe('a query parameter that a read does not have', () => {
  let service: TestService;
  let reads: [path: string, parameters: readonly Parameter[]][];

  beforeAll(async () => {
    service = await TestService.start();
    const { paths } = (await service.get<Document>('/openapi.json')).body;
    reads = Object.entries(paths).flatMap(([path, { get }]) =>
      get === undefined ? [] : [[path, get.parameters ?? []]],
    );
  });
  afterAll(() => service.close());

  /** The address of a read, with an example for each required parameter. */
  const addressOf = (path: string, parameters: readonly Parameter[]) => {
    const needed = parameters.filter((one) => one.required);
    const query = new URLSearchParams({ unknown_parameter: '1' });
    let filled = path;
    for (const { name, in: place, example } of needed) {
      if (place === 'path')
        filled = filled.replace(`{${name}}`, encodeURIComponent(String(example)));
      if (place === 'query') query.set(name, String(example));
    }
    expect(filled).not.toContain('{');
    return `${filled}?${query.toString()}`;
  };

  it('is refused by name in every read of the OpenAPI document, except by those that say why not', async () => {
    const said =
      'There is no parameter "unknown_parameter" here. /openapi.json lists the parameters.';
    const refusal = [400, 'invalid_parameter', '/unknown_parameter', said];
    const seen: Record<string, unknown> = {};
    const expected: Record<string, unknown> = {};
    for (const [path, parameters] of reads) {
      if (path in EXCEPTIONS) continue;
      const answer = await service.fetch(addressOf(path, parameters));
      const text = await answer.text();
      expected[path] = refusal;
      seen[path] = [answer.status];
      if (answer.ok) continue;
      const { code, pointer, detail } = JSON.parse(text) as Problem;
      seen[path] = [answer.status, code, pointer, detail];
    }
    expect(Object.keys(seen).length).toBeGreaterThan(40);
    expect(seen).toEqual(expected);
  });

  it('does not make a probe fail', async () => {
    const documented = reads.map(([path]) => path);
    for (const path of Object.keys(EXCEPTIONS)) {
      expect(documented).toContain(path);
      expect((await service.fetch(`${path}?t=1796000000`)).status).toBe(200);
    }
  });
});
