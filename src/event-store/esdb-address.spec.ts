import { isSameServer, readEsdbAddress, type EsdbAddress } from './esdb-address';

const read = (text: string) => readEsdbAddress(text) as EsdbAddress;

describe('a connection string of EventStoreDB', () => {
  it('gives nodes, credentials and TLS as the client reads them', () => {
    expect(read('esdb://ann:se%40cret@a:1,b/?tls=false&keepAliveInterval=-1')).toMatchObject({
      discovers: false,
      hosts: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2113 },
      ],
      credentials: { user: 'ann', password: 'se@cret' },
      tls: false,
    });
    expect(read('esdb+discover://cluster.example')).toMatchObject({ discovers: true, tls: true });
    expect(
      read(`esdb://a?tlsCAFile=${encodeURIComponent(__filename)}&connection_name=x%40y`),
    ).toMatchObject({ tlsCAFile: __filename, credentials: undefined });
  });

  it.each([
    [
      'an option that the client warns about',
      'esdb://ann:secret@a?frobnicate=1',
      /an unknown option frobnicate/,
    ],
    ['an option whose name may be secret', 'esdb://ann:x@a?se cret=1', /has an unknown option:/],
    ['tlsVerifyCert', 'esdb://ann:secret@a?tlsVerifyCert=false', /tlsCAFile/],
    ['an invalid value', 'esdb://ann:secret@a?tls=perhaps', /value of tls/],
    ['an @ in the password', 'esdb://ann:se@cret@a', /%40/],
    ['a colon in the password', 'esdb://ann:se:cret@a', /%3A/],
    ['a ? in the password', 'esdb://ann:se?cret@a', /%3F/],
    ['a % that encodes nothing', 'esdb://ann:secret%@a', /%25/],
    ['no password', 'esdb://secret@a', /user:password/],
    ['no host', 'esdb://ann:secret@', /must have a host/],
    ['an invalid port', 'esdb://ann:secret@a:99999', /must have a host/],
    ['an IPv6 address', 'esdb://ann:secret@[::1]:2113', /IPv4/],
    ['upper case', 'ESDB://ann:secret@a', /lower case/],
    [
      'a file that does not exist',
      'esdb://ann:secret@a?tlsCAFile=/not/there',
      /names \/not\/there/,
    ],
    ['half a client certificate', `esdb://ann:secret@a?userKeyFile=${__filename}`, /go together/],
    ['another scheme', 'kdb://ann:secret@a', /esdb:\/\/host/],
  ])('with %s is refused, without quoting its secrets', (_, text, says) => {
    const mistake = readEsdbAddress(text);
    expect(mistake).toMatch(says);
    expect(mistake).not.toMatch(/se.?cret/);
  });

  it.each([
    ['esdb://127.0.0.1:2113?tls=false', 'esdb://ann:x@LOCALHOST?tls=false&connectionName=b', true],
    ['esdb://a,b', 'esdb+discover://c,b', true],
    ['esdb://a:1', 'esdb://a:2', false],
  ])('%s and %s name the same server: %s', (one, other, same) => {
    expect(isSameServer(read(one), read(other))).toBe(same);
  });
});
