import type { Json, JsonObject } from './events/facts';
import { pointerTo } from './pointer';

/**
 * Reads a JSON object. If `fields` is given, the object may have no others.
 * @param at the JSON pointer to the object.
 * @param fail throws the refusal of the value at a pointer.
 */
export function readObject(
  raw: Json,
  at: string,
  fields: readonly string[] | undefined,
  fail: (pointer: string, detail: string) => never,
): JsonObject {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    fail(at, 'Must be a JSON object.');
  const value = raw as JsonObject;
  const unknown = fields && Object.keys(value).find((name) => !fields.includes(name));
  if (unknown !== undefined)
    fail(pointerTo(at, unknown), `There is no such field. The fields are ${fields!.join(', ')}.`);
  return value;
}
