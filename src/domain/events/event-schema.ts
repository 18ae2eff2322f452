import type { EventShape } from './catalogue';
import { ATTRIBUTE_LENGTH, ID_LENGTH } from './cloud-event';
import type { JsonObject } from './facts';
import { textSchema } from './fields';

const NAME = textSchema(ID_LENGTH);

/** RFC 3339 with an offset, from 1970 on, without a leap second. It does not check the number of days in a month. */
export const TIME_PATTERN =
  '^(19[7-9][0-9]|[2-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$';

const TIME: JsonObject = {
  type: 'string',
  format: 'date-time',
  maxLength: 64,
  pattern: TIME_PATTERN,
  description:
    'When it happened; required. At most five minutes ahead of the clock of the service.',
};

const SUBJECT: JsonObject = {
  type: 'string',
  description: 'If present, it equals data.session_id.',
};

const CONTENT_TYPE: JsonObject = {
  type: 'string',
  maxLength: ATTRIBUTE_LENGTH,
  pattern:
    '^[aA][pP][pP][lL][iI][cC][aA][tT][iI][oO][nN]/([A-Za-z0-9.+-]+\\+)?[jJ][sS][oO][nN] *(;[^\\u0000-\\u001f\\u007f-\\u009f]*)?$',
};

const EXTENSION: JsonObject = {
  anyOf: [
    textSchema(ATTRIBUTE_LENGTH),
    { type: 'boolean' },
    { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
    { type: 'null' },
  ],
};

function nullable(schema: JsonObject): JsonObject {
  return { anyOf: [schema, { type: 'null' }] };
}

/**
 * Returns the schema of an event type's `data`, made from the same fields that check it. Null means the same as leaving
 * a field out.
 */
export function dataSchema({ fields, required }: EventShape): JsonObject {
  return {
    type: 'object',
    properties: Object.fromEntries(
      fields.map(([name, field]) => [
        name,
        required.has(name) ? field.schema : nullable(field.schema),
      ]),
    ),
    required: [...required],
    additionalProperties: false,
  };
}

/**
 * Returns the JSON schema (draft 07 and later) of an event type in structured mode. The service refuses whatever the
 * schema refuses, and accepts whatever it accepts, except for rules that no schema can express:
 * docs/reference/events.md#schemas.
 *
 * @param data the schema to use for the `data` attribute
 * @param subject the schema to use for the `subject` attribute
 */
export function eventSchema(
  shape: EventShape,
  data: JsonObject = dataSchema(shape),
  subject: JsonObject = SUBJECT,
): JsonObject {
  const attributes: JsonObject = {
    specversion: { const: '1.0' },
    id: NAME,
    source: NAME,
    type: { const: shape.type },
    time: TIME,
    subject: nullable(subject),
    datacontenttype: nullable(CONTENT_TYPE),
    dataschema: nullable(textSchema(ATTRIBUTE_LENGTH)),
    data,
  };
  const extension = `^(?!(${Object.keys(attributes).join('|')})$)[a-z0-9]{1,64}$`;
  return {
    type: 'object',
    properties: attributes,
    required: ['specversion', 'id', 'source', 'type', 'time', 'data'],
    patternProperties: { [extension]: EXTENSION },
    additionalProperties: { type: 'null' },
  };
}
