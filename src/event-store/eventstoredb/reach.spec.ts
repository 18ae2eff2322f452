import { once } from 'node:events';
import { createServer as createHttp1 } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { createServer, type AddressInfo, type Server } from 'node:net';

import { aTlsServer, itsAuthority } from '../../../test/support/tls-server';
import type { StoreError } from '../errors';
import { readEsdbAddress, type EsdbAddress } from '../esdb-address';
import { EventStoreDbEventStore } from './eventstoredb-event-store';
import { whyUnreachable } from './reach';

const WAIT_MS = 3_000;

describe('the probe for why an EventStoreDB cannot be reached', () => {
  const servers: Server[] = [];
  const listen = async (server: Server): Promise<number> => {
    servers.push(server);
    // A probe hangs up without a word.
    server.on('connection', (socket) => socket.on('error', () => undefined));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  afterEach(() => servers.splice(0).forEach((server) => server.close()));

  const why = (url: string) => whyUnreachable(readEsdbAddress(url) as EsdbAddress, WAIT_MS);

  it('finds nothing wrong if the server speaks TLS, or none, as the address says', async () => {
    const secure = await listen(aTlsServer());
    const plain = await listen(createHttp2());
    const ca = encodeURIComponent(itsAuthority());
    expect(await why(`esdb://localhost:${secure}?tls=true&tlsCAFile=${ca}`)).toBeUndefined();
    expect(await why(`esdb://127.0.0.1:${plain}?tls=false`)).toBeUndefined();
    expect(await why(`esdb://nowhere.invalid,127.0.0.1:${plain}?tls=false`)).toBeUndefined();
  });

  it('names an unknown certificate authority', async () => {
    const port = await listen(aTlsServer());
    expect(await why(`esdb://localhost:${port}`)).toMatchObject({
      code: 'refused',
      message: expect.stringMatching(
        /not known here: name its certificate with tlsCAFile/,
      ) as string,
    });
  });

  it('names a certificate for another name', async () => {
    const port = await listen(aTlsServer());
    const ca = encodeURIComponent(itsAuthority());
    expect(await why(`esdb://127.0.0.1:${port}?tlsCAFile=${ca}`)).toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/is not for that name/) as string,
    });
  });

  it('names TLS that the address asks for and the server does not speak', async () => {
    const port = await listen(createHttp2());
    expect(await why(`esdb://127.0.0.1:${port}?tls=true`)).toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/does not speak TLS.*tls=false/) as string,
    });
  });

  it('names TLS that the server speaks and the address turns off', async () => {
    const port = await listen(aTlsServer());
    expect(await why(`esdb://127.0.0.1:${port}?tls=false`)).toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/speaks TLS, but the address has tls=false/) as string,
    });
  });

  it('names an unknown host, or one that does not listen, as a fault that may pass', async () => {
    expect(await why('esdb://nowhere.invalid?tls=false')).toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/nowhere\.invalid/) as string,
    });
    expect(await why('esdb+discover://127.0.0.1:1?tls=false')).toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/nothing listens at 127\.0\.0\.1:1/) as string,
    });
  });

  it('says nothing about another program on the port, because the server may still start there', async () => {
    const port = await listen(createHttp1());
    expect(await why(`esdb://127.0.0.1:${port}?tls=false`)).toBeUndefined();
    expect(await why(`esdb://localhost:${port}?tls=true`)).toBeUndefined();
  });

  it('says nothing about a server that does not answer', async () => {
    const port = await listen(createServer());
    const began = Date.now();
    const address = readEsdbAddress(`esdb://127.0.0.1:${port}?tls=false`) as EsdbAddress;
    expect(await whyUnreachable(address, 200)).toBeUndefined();
    expect(Date.now() - began).toBeLessThan(2_000);
  });

  it('makes the first call fail at once, whatever it is, and probes again on the next', async () => {
    const port = await listen(aTlsServer());
    const store = new EventStoreDbEventStore({
      connectionString: `esdb://ann:secret@localhost:${port}`,
      streams: { prefix: '', names: [], beginnings: [''] },
    });
    const began = Date.now();
    const append = {
      stream: 's',
      expectedRevision: -1,
      events: [
        { id: '00000000-0000-8000-8000-000000000001', type: 't', body: '{}', recordedAt: 1 },
      ],
    };
    const errors = [
      ...(await store.append([append])).map((one) => one.status === 'failed' && one.error),
      await store.head().catch((error: unknown) => error),
      await store.readStream('s', 0, 1).catch((error: unknown) => error),
    ] as StoreError[];
    expect(Date.now() - began).toBeLessThan(WAIT_MS);
    for (const error of errors) {
      expect(error).toMatchObject({ code: 'refused' });
      expect(error.message).toMatch(/tlsCAFile/);
      expect(error.message).not.toMatch(/secret|\bann\b/);
    }
    await store.close();
  });
});
