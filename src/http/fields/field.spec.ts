import Ajv from 'ajv/dist/2020';

import { readBody } from '../json-body';
import { Problem } from '../problem';
import { bodySchema, fieldsOf, Optional, Required } from './field';
import { currency, flag, id, oneOf, period, planName, someOf, text, whole } from './rules';

class Base {
  @Required(id, 'Whose it is.')
  user_id!: string;
}

class Order extends Base {
  @Optional(oneOf(['up', 'down']))
  way?: 'up' | 'down' | null;

  @Optional(whole(1, 9), 'How often.')
  times: number = 3;
}

class Everything {
  @Optional(id)
  id?: unknown;
  @Optional(period)
  period?: unknown;
  @Optional(currency)
  currency?: unknown;
  @Optional(flag)
  flag?: unknown;
  @Optional(planName)
  plan?: unknown;
  @Optional(text(3))
  text?: unknown;
  @Optional(whole(1, 9))
  whole?: unknown;
  @Optional(oneOf(['up', 'down']))
  word?: unknown;
  @Optional(someOf(['up', 'down']))
  words?: unknown;
}

const ajv = new Ajv({ strict: false, validateFormats: false });

function isTaken(body: object): boolean {
  try {
    readBody(body as never, Everything);
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

describe('a field of a request', () => {
  it('is described as its class says, together with the fields of the class it extends', () => {
    expect(JSON.parse(JSON.stringify(bodySchema(Order)))).toEqual({
      type: 'object',
      properties: {
        user_id: {
          type: 'string',
          pattern: '^(?!\\.{1,2}$)[A-Za-z0-9._:@-]{1,128}$',
          description: 'Whose it is.',
        },
        way: { anyOf: [{ type: 'string', enum: ['up', 'down'] }, { type: 'null' }] },
        times: {
          anyOf: [{ type: 'integer', minimum: 1, maximum: 9, default: 3 }, { type: 'null' }],
          description: 'How often.',
        },
      },
      required: ['user_id'],
      additionalProperties: false,
    });
    expect(fieldsOf(Base).map(({ name }) => name)).toEqual(['user_id']);
  });

  it('is reported by name if it is required and missing', () => {
    expect(() => readBody({}, Order)).toThrow('user_id is required.');
    expect(() => readBody({ user_id: 'ann', nonsense: 1 }, Order)).toThrow('no such field');
  });

  const schema = ajv.compile(bodySchema(Everything));
  const taken: object[] = [
    { id: 'a.b:c@d-e_f' },
    { period: '1969-12' },
    { period: '2026-10', currency: null },
    { currency: 'TWD' },
    { flag: false },
    { plan: 'Pro' },
    { plan: '\u212a' },
    { text: 'abc' },
    { whole: 9 },
    { word: 'up' },
    { words: ['down', 'up'] },
  ];
  const refused: object[] = [
    { id: '..' },
    { id: 'a\n' },
    { id: 5 },
    { period: '0001-01' },
    { period: '1969-11' },
    { period: '2026-13' },
    { currency: 'twd' },
    { flag: 'true' },
    { plan: 'a b' },
    { text: '' },
    { text: 'abcd' },
    { text: 'a\u0007' },
    { whole: 0 },
    { whole: 10 },
    { whole: 1.5 },
    { word: 'left' },
    { words: [] },
    { words: ['left'] },
    { words: 'up' },
  ];

  it.each(taken)('is accepted by its checks and by its schema: %j', (body) => {
    expect({ checks: isTaken(body), schema: schema(body) }).toEqual({ checks: true, schema: true });
  });

  it.each(refused)('is refused by its checks and by its schema: %j', (body) => {
    expect({ checks: isTaken(body), schema: schema(body) }).toEqual({
      checks: false,
      schema: false,
    });
  });
});
