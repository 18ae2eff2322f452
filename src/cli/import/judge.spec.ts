import { judge } from './judge';

const line = (bytes: Buffer | string, number = 2) =>
  judge({ number, bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes });

describe('a line', () => {
  it.each(['', ' ', '\t \r'])('of white space is skipped: %j', (text) => {
    expect(line(text)).toEqual({ kind: 'blank' });
  });

  it('of JSON keeps its bytes', () => {
    const bytes = Buffer.from('{"a":1e400,"b":1.0,"a":"\u2028"}\r');
    expect(line(bytes)).toEqual({ kind: 'sound', line: { number: 2, bytes } });
  });

  it.each([
    ['of two values', '{"a":1},{"b":2}', 'invalid_json'],
    ['that closes a list which it did not open', '1],[2', 'invalid_json'],
    ['that is not JSON', 'nothing', 'invalid_json'],
    ['with other white space', '\u00a0', 'invalid_json'],
    ['that begins with a byte order mark but is not the first', '\ufeff{}', 'invalid_json'],
    ['in Latin-1', Buffer.from('"caf\u00e9"', 'latin1'), 'invalid_json'],
    ['with half a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'invalid_json'],
    ['that is nested too deep', '['.repeat(65) + ']'.repeat(65), 'too_deep'],
  ])('%s is refused', (_, bytes, code) => {
    expect(line(bytes)).toMatchObject({ kind: 'refused', result: { status: 'rejected', code } });
  });

  it('may begin with a byte order mark if it is the first', () => {
    const bytes = Buffer.from('{}');
    expect(line('\ufeff{}', 1)).toEqual({ kind: 'sound', line: { number: 1, bytes } });
  });

  it('that was too long to keep is refused', () => {
    expect(judge({ number: 7, bytes: undefined })).toMatchObject({
      kind: 'refused',
      result: { code: 'body_too_large' },
    });
  });
});
