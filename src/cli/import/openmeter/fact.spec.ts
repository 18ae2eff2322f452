import type { Json } from '../../../domain/events/facts';
import { factOf } from './fact';
import { readMapping } from './mapping';

const MAPPING = readMapping({
  types: ['transcription=completed'],
  map: [
    'data.run=session_id',
    'data.s=duration_seconds',
    'data.words=word_count',
    'data.more=provider_metadata',
  ],
  set: ['stt_provider=google'],
  source: 'import/openmeter',
});

/** Converts an event with these properties. They are JSON, because a literal would be rounded here. */
const told = (properties: string) =>
  factOf(
    JSON.parse(
      `{"id":"1","source":"api","type":"transcription","subject":"ann","time":"2026-08-03T10:00:00Z",
        "data":{"run":1,"s":60,${properties}}}`,
    ) as Json,
    MAPPING,
  );

describe('a fact from an event of OpenMeter', () => {
  it.each(['7', '-7', '9007199254740991', '"9007199254740993"'])('keeps the id %s', (id) => {
    expect(told(`"run":${id}`)).toMatchObject({
      kind: 'fact',
      event: { data: { session_id: id.replaceAll('"', '') } },
    });
  });

  it.each(['9007199254740993', '1e400', '1.5'])('is refused for the id %s, a number', (id) => {
    expect(told(`"run":${id}`)).toMatchObject({ kind: 'refused', code: 'session_id' });
  });

  it.each([
    ['word_count', '"words":1e400'],
    ['word_count', '"words":"1e400"'],
    ['provider_metadata', '"more":{"x":[-1e400]}'],
  ])('is refused if its %s holds a number beyond the range of a double: %s', (code, properties) => {
    expect(told(properties)).toMatchObject({ kind: 'refused', code });
  });
});
