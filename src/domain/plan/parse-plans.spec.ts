import type { RefusedError } from '../errors';
import type { Json } from '../events/facts';
import { parsePlans } from './parse-plans';

function pointerOf(raw: Json): string | undefined {
  try {
    parsePlans(raw);
  } catch (error) {
    return (error as RefusedError).refusal.pointer;
  }
  throw new Error('The plans were accepted.');
}

describe('plans by name', () => {
  it('have names in lower case, like providers', () => {
    expect(Object.keys(parsePlans({ Free: {}, 'Team.EU': {} }))).toEqual(['free', 'team.eu']);
  });

  it.each<[says: string, raw: Json, pointer: string]>([
    ['a name that equals another in lower case', { free: {}, Team: {}, team: {} }, '/team'],
    ['a name with other characters', { free: {}, 'a/b': {} }, '/a~1b'],
    ['no plan "free"', { team: {} }, '/free'],
    ['an unknown field', { free: { 'a~b': 1 } }, '/free/a~0b'],
  ])('are refused with %s', (_, raw, pointer) => {
    expect(pointerOf(raw)).toBe(pointer);
  });
});
