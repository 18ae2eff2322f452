import { Parser } from '@asyncapi/parser';
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import fc from 'fast-check';

import { CATALOGUE } from '../../src/domain/events/catalogue';
import { readCloudEvent } from '../../src/domain/events/cloud-event';
import type { Json } from '../../src/domain/events/facts';
import { factHistory, NOW } from '../generators/facts';
import { beyondSchemas, eventMutation } from '../generators/events-to-judge';
import { TestService } from '../support/service';

interface EventSchema {
  readonly $defs: { readonly data: { readonly properties: Record<string, object> } };
  readonly examples: readonly Json[];
}

const TYPES = Object.values(CATALOGUE).map(({ type }) => type);

/** Compares the schemas of the producers' events with the code that reads events. */
describe('the description of events', () => {
  let service: TestService;
  const schemas = new Map<string, EventSchema>();
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
  addFormats(ajv);

  beforeAll(async () => {
    service = await TestService.start({ now: () => NOW });
    for (const type of TYPES) {
      const answer = await fetch(`${service.url}/docs/schemas/${type}.json`);
      expect(answer.headers.get('content-type')).toMatch(/^application\/schema\+json/);
      const schema = (await answer.json()) as EventSchema;
      schemas.set(type, schema);
      ajv.addSchema({ ...schema, $id: type });
    }
  });
  afterAll(() => service.close());

  const byCode = (event: Json) => {
    const reading = readCloudEvent(event, NOW);
    return 'refusal' in reading ? reading.refusal : undefined;
  };
  const bySchema = (event: Json, type: string) => ajv.getSchema(type)!(event) as boolean;

  it('is a valid AsyncAPI 3.0 document, open to everybody', async () => {
    const answer = await fetch(`${service.url}/docs/asyncapi.json`);
    expect(answer.status).toBe(200);
    const { document, diagnostics } = await new Parser().parse(await answer.text());
    expect(
      diagnostics
        .filter(({ code }) => code !== 'asyncapi-latest-version')
        .map(({ code, message, path }) => [code, message, path.join('/')]),
    ).toEqual([]);
    const messages = document!.operations().get('recordEvents')!.messages().all();
    expect(messages.map((message) => message.name()).sort()).toEqual([...TYPES].sort());
    for (const message of messages) {
      const { $defs, examples, ...schema } = schemas.get(message.name()!)! as never as {
        $defs: { data: object };
        examples: readonly Json[];
        properties: object;
      };
      const inline = { ...schema, properties: { ...schema.properties, data: $defs.data } };
      expect(inline).toMatchObject(withoutParserNames(message.payload()!.json()));
      expect(
        message
          .examples()
          .all()
          .map((one) => one.payload()),
      ).toEqual(examples);
    }
  });

  it('has examples that the service records', async () => {
    for (const [type, { examples }] of schemas) {
      for (const event of examples) {
        expect([type, bySchema(event, type)]).toEqual([type, true]);
        expect((await service.one(event)).status).toBe(201);
      }
    }
  });

  it('accepts every event that a producer may send', () => {
    fc.assert(
      fc.property(factHistory(), (events) => {
        for (const event of events) {
          const json = JSON.parse(JSON.stringify(event)) as Json & { type: string };
          expect([bySchema(json, json.type), byCode(json)]).toEqual([true, undefined]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it.each(Object.values(CATALOGUE))('judges a mutated $type as the service does', (shape) => {
    const seen = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(eventMutation(shape), (event) => {
        const refusal = byCode(event);
        const allowed = bySchema(event, shape.type);
        if (refusal === undefined) seen.taken += 1;
        else seen.refused += 1;
        if (!allowed) expect(refusal).toBeDefined();
        else if (refusal !== undefined) expect(beyondSchemas(event, refusal)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
    expect(seen.taken).toBeGreaterThan(300);
    expect(seen.refused).toBeGreaterThan(300);
  });
});

/** The parser gives names to schemas that have none. */
function withoutParserNames(schema: unknown): object {
  return JSON.parse(
    JSON.stringify(schema, (name, value: unknown) =>
      name.startsWith('x-parser-') ? undefined : value,
    ),
  ) as object;
}
