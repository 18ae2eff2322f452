import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

import type { Config } from '../config/config';

type Address = Pick<Config, 'port' | 'host'>;

/** Nobody can listen at the address of the configuration. */
class AddressError extends Error {
  constructor({ host, port }: Address, code: string, options: ErrorOptions) {
    const why =
      code === 'EADDRINUSE'
        ? 'another program listens there. Stop that one, or choose another PORT.'
        : code === 'EACCES'
          ? 'this user may not. Choose a PORT from 1024 on.'
          : `the system says ${code}. Check HOST and PORT.`;
    super(`The service can not listen at ${host}:${port}: ${why}`, options);
    this.name = 'AddressError';
  }
}

/** Listens at the address. @throws AddressError */
export async function listenAt(server: Server, address: Address): Promise<void> {
  try {
    const listening = once(server, 'listening');
    server.listen(address.port, address.host);
    await listening;
  } catch (error) {
    throw new AddressError(address, (error as NodeJS.ErrnoException).code ?? String(error), {
      cause: error,
    });
  }
}

/** Looks whether the address can be listened at, before anything is made for the service. @throws AddressError */
export async function checkAddress(address: Address): Promise<void> {
  const server = createServer();
  await listenAt(server, address);
  const closed = once(server, 'close');
  server.close();
  await closed;
}
