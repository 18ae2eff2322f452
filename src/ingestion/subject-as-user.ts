import type { Json, JsonObject } from '../domain/events/facts';

/**
 * Adapts an event as OpenMeter's clients write it, with the customer in `subject`: uses the customer as `data.user_id`
 * if that field is left out or the same. Any other subject stays, and is judged as at `/v1/events`.
 */
export function subjectAsUser(event: Json): Json {
  if (!isObject(event)) return event;
  const { subject, data } = event;
  if (typeof subject !== 'string' || data === undefined || !isObject(data)) return event;
  const { user_id } = data;
  if (user_id !== undefined && user_id !== null && user_id !== subject) return event;
  const { subject: _, ...rest } = event;
  return { ...rest, data: { ...data, user_id: subject } };
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
