import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

import { askEverything, EXAMPLES_NOW } from '../support/api-calls';
import {
  ExampleRecorder,
  fitToPrint,
  withoutChance,
  type AllExamples,
} from '../support/api-examples';
import { Receiver } from '../support/receiver';
import { TestService } from '../support/service';

const FILE = join(__dirname, '../../src/http/openapi/examples.json');

interface Shown {
  readonly example?: unknown;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters?: readonly (Shown & { readonly name: string; readonly required: boolean })[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Shown>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, Shown>> }>
  >;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** The examples of the OpenAPI document are a service's own answers (`npm run openapi:examples` rewrites them). */
describe('the examples of the OpenAPI document', () => {
  let service: TestService;
  let receiver: Receiver;
  let fresh: AllExamples;

  beforeAll(async () => {
    receiver = await Receiver.start();
    service = await TestService.start({
      now: () => EXAMPLES_NOW,
      environment: { WEBHOOK_ALLOW_PRIVATE: 'true' },
    });
    const say = new ExampleRecorder(service);
    await askEverything(say, receiver.url, service.keys);
    fresh = fitToPrint(say.examples, receiver.url);
    if (process.env['WRITE_EXAMPLES'] !== undefined) {
      writeFileSync(FILE, `${JSON.stringify(fresh, null, 1)}\n`);
    }
  });
  afterAll(async () => {
    await service.close();
    await receiver.close();
  });

  const kept = () => JSON.parse(readFileSync(FILE, 'utf8')) as AllExamples;

  it('are what a service answers', () => {
    expect(withoutChance(kept())).toEqual(withoutChance(fresh));
  });

  it('show no key and no secret', () => {
    const text = readFileSync(FILE, 'utf8');
    for (const [found] of text.matchAll(/mb_[a-z]+_\w+|whsec_[^"]+/g)) {
      expect(found).toMatch(/^(mb_[a-z]+_0+|whsec_A+=)$/);
    }
    expect(text).not.toContain('127.0.0.1');
  });

  describe('in the document', () => {
    let document: Document;
    let operations: [name: string, operation: Operation][];
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats(ajv);

    beforeAll(async () => {
      document = (await service.get<Document>('/openapi.json')).body;
      ajv.addSchema({ $id: 'api', ...document });
      operations = Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]): [string, Operation] => [
          `${method.toUpperCase()} ${path}`,
          operation,
        ]),
      );
    });

    it('cover every operation, and no others', () => {
      const names = operations.map(([name]) => name);
      expect(Object.keys(kept()).sort()).toEqual(names.sort());
    });

    it('cover every body, every success, every path parameter, and a refusal', () => {
      const without: string[] = [];
      for (const [name, { requestBody, responses, parameters = [] }] of operations) {
        const shown = Object.entries(responses).flatMap(([status, { content = {} }]) =>
          Object.entries(content).map(([type, { example }]) => ({ status, type, example })),
        );
        for (const { status, type, example } of shown) {
          if (status.startsWith('2') && example === undefined) {
            without.push(`${name} ${status} ${type}`);
          }
        }
        const refusals = shown.filter(
          (one) => /^4\d\d$/.test(one.status) && one.example !== undefined,
        );
        if (refusals.length === 0) without.push(`${name} 4xx`);
        for (const [type, { example }] of Object.entries(requestBody?.content ?? {})) {
          if (example === undefined) without.push(`${name} ${type}`);
        }
        for (const one of parameters) {
          if (one.required && one.example === undefined) without.push(`${name} ${one.name}`);
        }
      }
      expect(without).toEqual([]);
    });

    it('have a status that is declared', () => {
      const undeclared = operations.flatMap(([name, { responses }]) =>
        Object.keys(kept()[name]!.responses)
          .filter((status) => responses[status] === undefined)
          .map((status) => `${name} ${status}`),
      );
      expect(undeclared).toEqual([]);
    });

    it('conform to their schemas', () => {
      const wrong: unknown[] = [];
      const judge = (place: string[], value: { readonly example?: unknown }) => {
        if (value.example === undefined) return;
        const pointer = [...place, 'schema']
          .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
          .join('/');
        const validate = ajv.compile({ $ref: `api#/${pointer}` });
        if (!validate(value.example)) wrong.push([pointer, validate.errors]);
      };
      for (const [name, operation] of operations) {
        const [method = '', path = ''] = name.split(' ');
        const place = ['paths', path, method.toLowerCase()];
        const { requestBody, responses, parameters = [] } = operation;
        for (const [type, body] of Object.entries(requestBody?.content ?? {})) {
          judge([...place, 'requestBody', 'content', type], body);
        }
        for (const [status, { content = {} }] of Object.entries(responses)) {
          for (const [type, body] of Object.entries(content)) {
            judge([...place, 'responses', status, 'content', type], body);
          }
        }
        parameters.forEach((one, index) => judge([...place, 'parameters', String(index)], one));
      }
      expect(wrong).toEqual([]);
    });

    it('belong to operations that are described in words, each differently', () => {
      const words = operations.map(([, { summary, description }]) => [summary, description]);
      for (const [summary, description] of words) {
        expect(summary).toMatch(/\.$/);
        expect(description).toMatch(/^\S.{10,}\. (Key: `|It needs no key)/);
      }
      expect(new Set(operations.map(([, { operationId }]) => operationId)).size).toBe(words.length);
    });
  });
});
