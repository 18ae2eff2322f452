import { Counts } from './counts';

describe('the counts of an import', () => {
  let said: jest.SpyInstance;
  beforeEach(() => (said = jest.spyOn(console, 'error').mockImplementation()));
  afterEach(() => said.mockRestore());
  const refused = { status: 'rejected', code: 'invalid_field', detail: 'No.' } as const;

  it('show a rejection, however many were found before anything was sent', () => {
    const counts = new Counts();
    counts.rejected = 5_000;
    counts.add(7, refused);
    expect(said.mock.calls).toEqual([['line 7: invalid_field: No.']]);
    expect(counts.rejected).toBe(5_001);
  });

  it('show 1,000 rejections, say that there are more, and count them', () => {
    const counts = new Counts();
    for (let line = 1; line <= 1_005; line += 1) counts.add(line, refused);
    expect(said).toHaveBeenCalledTimes(1_001);
    expect(said).toHaveBeenLastCalledWith(expect.stringContaining('more than 1000 rejections'));
    expect(JSON.parse(JSON.stringify({ ...counts }))).toEqual({
      read: 0,
      recorded: 0,
      duplicate: 0,
      rejected: 1_005,
    });
  });
});
