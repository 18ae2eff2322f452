import { readBinary } from './binary-mode';

/** As Node gives the bytes of a header: each one as a character. */
const received = (bytes: Buffer) => bytes.toString('latin1');
const read = (id: Buffer) => readBinary(['ce-id', received(id)], 'application/json', {});

describe('a header in binary mode', () => {
  it.each(['caf\u00e9', '\u5b57', '\ufeffx', 'plain'])('may be UTF-8 as it is: %j', (id) => {
    expect(read(Buffer.from(id))).toMatchObject({ id });
  });

  it.each([
    ['Latin-1', Buffer.from('caf\u00e9', 'latin1')],
    ['UTF-8 that is cut', Buffer.from('caf\u00e9').subarray(0, -1)],
    ['a surrogate', Buffer.from([0xed, 0xa0, 0x80])],
    ['percent-encoded Latin-1', Buffer.from('caf%e9')],
  ])('is refused if it is %s, so that two ids never become one', (_, id) => {
    expect(() => read(id)).toThrow(/^invalid_attribute: The header ce-id is not .*UTF-8/);
  });
});
