import { Connection } from './connection';
import { hearing, maskOf } from './secrets';

const URL = 'esdb://ann:s%40cret@localhost:2113?tls=false';
const BASIC = Buffer.from('ann:s@cret').toString('base64');

describe('the secrets of a connection string', () => {
  it.each([
    ['the whole string', `Using connection string: ${URL}`],
    ['its credentials', 'ann:s%40cret@localhost'],
    ['the plain password', 'password "s@cret"'],
    ['the encoded password', 'password "s%40cret"'],
    ['the header that goes to the server', `authorization: Basic ${BASIC}`],
  ])('are removed from a text with %s', (_, text) => {
    const masked = maskOf(URL)(text);
    expect(masked).toContain('***');
    for (const secret of ['cret', BASIC]) expect(masked).not.toContain(secret);
  });

  it("are removed from the client's warnings, even about an option that we do not know", () => {
    const said: string[] = [];
    const mask = maskOf(URL);
    hearing(
      (text) => said.push(mask(text)),
      () => console.warn(['Unknown option key "x", setting will be ignored.', URL].join('\n')),
    );
    expect(said).toEqual([expect.stringContaining('Unknown option key')]);
    expect(said.join()).not.toContain('cret');
  });

  it('are not printed when the client is made, but the rest is', async () => {
    const said: string[] = [];
    const url = URL.replace('?', '?keepAliveInterval=500&');
    const connection = hearing(
      (text) => said.push(text),
      () => new Connection(url, { callMs: 1, totalMs: 1 }),
    );
    await connection.close();
    expect(said).toEqual([expect.stringContaining('KeepAliveInterval of 500')]);
    expect(said.join()).not.toContain('cret');
  });
});
