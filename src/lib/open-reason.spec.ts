import { openReasonOf } from './open-reason';

const SILENT = 'Something went wrong in the service; its log says what.';

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('what everybody may read about an error', () => {
  it('is the sentence that the program wrote', () => {
    expect(openReasonOf(new Error('Run a later version.'))).toBe('Run a later version.');
  });

  it('never describes a server that refuses to let us in', () => {
    const message = 'PostgreSQL refuses the connection: no pg_hba.conf entry for host "10.0.3.7".';
    const said = "PostgreSQL returned an error or can't be reached. The service's log says which.";
    for (const name of ['PostgresUnavailableError', 'error']) {
      expect(openReasonOf({ name, message })).toBe(said);
      expect(openReasonOf(new Error(message, { cause: { name, message } }))).toBe(said);
    }
  });

  it.each([
    ['a text that is not JSON', thrownBy(() => JSON.parse('{"user_id":ann}'))],
    ['a value that is not a number', thrownBy(() => BigInt('ann'))],
    ['a member of nothing', thrownBy(() => (undefined as unknown as { ann: string }).ann)],
    ['an error of another realm', { name: 'RangeError', message: 'ann' }],
    ['what is not an error', 'ann'],
    ['nothing', undefined],
  ])('never quotes %s', (_, error) => {
    expect(openReasonOf(error)).toBe(SILENT);
  });
});
