import type { Config } from '../../config/config';
import type { ConsoleSignIn } from '../../config/console-sign-in';
import { Provider } from '../../console/provider';
import { BodyRoom } from '../../http/body-room';
import { RouteTable } from '../../http/route-table';
import { createHttp } from '../http-server';
import type { Parts } from './parts';
import { reportTo, type Start } from './start';

/** The HTTP server and its routes. */
export interface Serving {
  readonly routes: RouteTable;
  /** Starts listening; resolves to the address, such as `http://127.0.0.1:3000`. */
  listen(): Promise<string>;
}

export async function openServing(
  { config, clock, logger, opened }: Start,
  parts: Parts,
): Promise<Serving> {
  const provider = config.consoleSignIn && opened.keep(openProvider(config.consoleSignIn));
  const routes = new RouteTable();
  const bodyRoom = new BodyRoom(config.memory.bodyBytes, ({ caller }) => caller?.id ?? '');
  const served = { ...parts, config, clock, provider, routes, bodyRoom };
  const app = opened.keep(await createHttp(served, logger));
  // Closed before the server, so that a slow reader cannot delay a stop.
  opened.keep(parts.reading.exports);
  opened.keep(parts.reading.bundles);
  return {
    routes,
    listen: async () => {
      await app.listen(config.port, config.host);
      return addressOf(await app.getUrl(), config);
    },
  };
}

/** Makes the sign-in provider. Fetches its metadata ahead of the first sign-in; the service starts without waiting. */
function openProvider(choice: ConsoleSignIn): Provider {
  const provider = new Provider(choice, reportTo('console'));
  void provider.metadata();
  return provider;
}

/** Corrects the address that Nest names: Nest does not know that Fastify speaks TLS. */
function addressOf(url: string, { tls }: Config): string {
  const near = url.replace('[::1]', 'localhost');
  return tls === undefined ? near : near.replace(/^http:/, 'https:');
}
