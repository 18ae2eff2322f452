import { BillingZone } from '../../../domain/billing-period/zone';
import { parseStrictJson } from '../../../lib/strict-json';
import { Columns } from './columns';
import { RowReader } from './old-row';

const WHOLE = {
  id: '1',
  user_id: 'ann',
  stt_provider: 'google',
  created_at: '2026-08-01 10:00:00+00',
  duration_seconds: '60',
};

/** Reads a row of these cells. */
const read = (cells: Readonly<Record<string, string>>) => {
  const row = { ...WHOLE, ...cells };
  const columns = Columns.of(Object.keys(row), { map: [], set: [] });
  return new RowReader(columns, new BillingZone('UTC')).read(Object.values(row));
};
const nested = (levels: number) => `${'{"x":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('a row of a usage table', () => {
  it.each(['word_count', 'character_count', 'speaker_count', 'confidence_score', 'retry_count'])(
    'is refused if its %s is beyond the range of a double',
    (field) => {
      expect(() => read({ [field]: '1e400' })).toThrow(`${field} is too large.`);
    },
  );

  it.each(['{"x":1e400}', '{"x":[{"y":-1e400}]}'])(
    'is refused if its metadata hold a number beyond it: %s',
    (metadata) => {
      expect(() => read({ metadata })).toThrow('metadata holds a number that is too large');
    },
  );

  it('may have metadata as deep as an event can hold, and no deeper', () => {
    const { said } = read({ metadata: nested(62) });
    const event = JSON.stringify({ data: said });
    expect(parseStrictJson(Buffer.from(event))).toEqual(JSON.parse(event));
    expect(() => read({ metadata: nested(63) })).toThrow('nested more than 62 levels deep');
    expect(() => read({ metadata: nested(100_000) })).toThrow('nested more than 62 levels deep');
  });

  it.each(['[1]', 'null', '7', '{"x":', '{} {}'])('is refused for the metadata %s', (metadata) => {
    expect(() => read({ metadata })).toThrow('metadata is not a JSON object');
  });
});
