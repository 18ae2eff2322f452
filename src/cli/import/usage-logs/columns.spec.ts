import { CATALOGUE } from '../../../domain/events/catalogue';
import { FIELDS } from './columns';

/**
 * Fields of a finished attempt that are no column of the same name in the table that Minutebook replaces: each with its
 * column there, or `undefined` if there is none.
 */
const NOT_IN_TABLES = {
  attempt: 'retry_count',
  channels: undefined,
  language: undefined,
  original_filename: undefined,
  provider_metadata: 'metadata',
} as const;

describe('the columns of a usage table', () => {
  it('are every field of a finished attempt that a table may have', () => {
    const sent = CATALOGUE.completed.fields.map(([name]) => name);
    const known: readonly string[] = FIELDS;
    expect(sent.filter((name) => !known.includes(name) && !(name in NOT_IN_TABLES))).toEqual([]);
    expect(Object.values(NOT_IN_TABLES).filter((name) => name && !known.includes(name))).toEqual(
      [],
    );
  });
});
