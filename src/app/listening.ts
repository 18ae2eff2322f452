import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

import type { Config } from '../config/config';

type Address = Pick<Config, 'port' | 'host'>;

/** The service can't listen at the configured address; the message says what to do. */
class AddressError extends Error {
  constructor(address: Address, { code = '', message }: NodeJS.ErrnoException, cause: unknown) {
    super(WHAT_TO_DO[code]?.(address) ?? message, { cause });
    this.name = 'AddressError';
  }
}

const WHAT_TO_DO: Readonly<Record<string, ((address: Address) => string) | undefined>> = {
  EADDRINUSE: ({ host, port }) =>
    `Port ${port} of ${host} is in use by another program: stop it, or set PORT to another port (0 = any free one).`,
  EACCES: ({ port }) => `This user may not listen on port ${port}: set PORT to 1024 or above.`,
  EADDRNOTAVAIL: noAddress,
  ENOTFOUND: noAddress,
};

function noAddress({ host }: Address): string {
  return `HOST is ${host}, which is not an address of this machine.`;
}

/** Makes a server listen at the address. @throws AddressError */
export async function listenAt(server: Server, address: Address): Promise<void> {
  try {
    const listening = once(server, 'listening');
    server.listen(address.port, address.host);
    await listening;
  } catch (error) {
    throw new AddressError(address, error as NodeJS.ErrnoException, error);
  }
}

/** Checks that the service can listen at the address, before it creates a ledger or any file. @throws AddressError */
export async function checkAddress(address: Address): Promise<void> {
  const server = createServer();
  await listenAt(server, address);
  const closed = once(server, 'close');
  server.close();
  await closed;
}
