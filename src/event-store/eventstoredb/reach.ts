import { readFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { connect, isIP } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';

import { StoreError } from '../errors';
import type { Endpoint, EsdbAddress } from '../esdb-address';

/** The reason why a node can't be used. */
interface Obstacle {
  /** A sentence without its full stop. */
  readonly why: string;
  /** Whether it may pass by itself. */
  readonly passing: boolean;
}

/** The environment variables that send the client through a proxy. Reaching the server directly then proves nothing. */
const PROXIES = ['grpc_proxy', 'https_proxy', 'http_proxy'];

/**
 * Finds out why a server can't be used, before the client tries: the client would say too little, or nothing for
 * minutes. Only findings beyond doubt count, because a connection may fail for a passing reason.
 * @param waitMs how long to try before giving up without a finding.
 * @returns the error to fail with: `refused` if only another address helps, `unavailable` if the obstacle may pass;
 * `undefined` if a node answers as it should, or if the reason is unknown.
 */
export async function whyUnreachable(
  address: EsdbAddress,
  waitMs: number,
): Promise<StoreError | undefined> {
  if (PROXIES.some((name) => process.env[name])) return undefined;
  const found = await Promise.all(address.hosts.map((host) => lookAt(address, host, waitMs)));
  const obstacles = found.filter((one) => one !== undefined);
  if (obstacles.length < found.length) return undefined;
  const told = obstacles.find((one) => one.passing) ?? obstacles[0]!;
  return new StoreError(
    told.passing ? 'unavailable' : 'refused',
    told.passing
      ? `The event store cannot be reached: ${told.why}. Check that it runs, and EVENT_STORE_URL; sending the same again is safe.`
      : `The event store cannot be used: ${told.why}. Change EVENT_STORE_URL.`,
  );
}

async function lookAt(
  address: EsdbAddress,
  { host, port }: Endpoint,
  waitMs: number,
): Promise<Obstacle | undefined> {
  const name = `${host}:${port}`;
  const failure = await tcp(host, port, waitMs);
  if (failure !== undefined) return failure === LATE ? undefined : unreached(failure, host, name);
  return address.tls ? withTls(address, host, port, waitMs) : withoutTls(host, port, waitMs);
}

function unreached(code: string, host: string, name: string): Obstacle {
  if (code === 'ENOTFOUND') return { why: `there is no host named ${host}`, passing: true };
  if (code === 'EAI_AGAIN') return { why: `DNS does not answer for ${host}`, passing: true };
  if (code === 'ECONNREFUSED') return { why: `nothing listens at ${name}`, passing: true };
  return { why: `no connection to ${name} can be made (${code})`, passing: true };
}

async function withTls(
  address: EsdbAddress,
  host: string,
  port: number,
  waitMs: number,
): Promise<Obstacle | undefined> {
  const name = `${host}:${port}`;
  const code = await tls(host, port, waitMs, trustOf(address));
  if (code === undefined || code === LATE) return undefined;
  const fault = CERTIFICATE_FAULTS.find(([codes]) => codes.test(code))?.[1];
  if (fault !== undefined) return { why: `the certificate of ${name} ${fault}`, passing: false };
  if ((await http2(host, port, waitMs)) !== undefined) return undefined;
  return {
    why: `${name} does not speak TLS, but the address asks for it (to change that, add tls=false)`,
    passing: false,
  };
}

const CERTIFICATE_FAULTS: readonly (readonly [codes: RegExp, fault: string])[] = [
  [
    /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)/,
    'is from an authority that is not known here: name its certificate with tlsCAFile',
  ],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'is not for that name'],
  [/^CERT_HAS_EXPIRED$/, 'has expired'],
  [/^CERT_NOT_YET_VALID$/, 'is not valid yet: check the clocks'],
];

async function withoutTls(
  host: string,
  port: number,
  waitMs: number,
): Promise<Obstacle | undefined> {
  const name = `${host}:${port}`;
  const spoken = await http2(host, port, waitMs);
  if (spoken === undefined || spoken === LATE) return undefined;
  const code = await tls(host, port, waitMs, { rejectUnauthorized: false });
  if (code !== undefined) return undefined;
  return { why: `${name} speaks TLS, but the address has tls=false`, passing: false };
}

/** Nothing arrived in time, so nothing is known. */
const LATE = 'late';

type Outcome = Promise<string | undefined>;

/** Tries to connect. Returns `undefined` on success, else the code of the error, or {@link LATE}. */
function tcp(host: string, port: number, waitMs: number): Outcome {
  return outcomeOf(waitMs, (done) => {
    const socket = connect({ host, port });
    socket.once('connect', () => done(undefined)).on('error', (error) => done(codeOf(error)));
    return () => socket.destroy();
  });
}

/** Tries to speak TLS. Returns what {@link tcp} returns, or `closed`. */
function tls(host: string, port: number, waitMs: number, trust: ConnectionOptions): Outcome {
  return outcomeOf(waitMs, (done) => {
    const name = isIP(host) === 0 ? { servername: host } : {};
    const socket = connectTls({ host, port, ...name, ALPNProtocols: ['h2'], ...trust });
    socket
      .once('secureConnect', () => done(undefined))
      .on('error', (error: Error) => done(codeOf(error)))
      .on('close', () => done('closed'));
    return () => socket.destroy();
  });
}

/** Tries to speak HTTP/2 without TLS. Returns what {@link tcp} returns, or `closed`. */
function http2(host: string, port: number, waitMs: number): Outcome {
  return outcomeOf(waitMs, (done) => {
    const session = connectHttp2(`http://${host}:${port}`);
    session
      .once('remoteSettings', () => done(undefined))
      .on('error', (error: Error) => done(codeOf(error)))
      .on('close', () => done('closed'));
    return () => session.destroy();
  });
}

/** Returns the first outcome, or {@link LATE}, and closes whatever was opened. */
async function outcomeOf(
  waitMs: number,
  begin: (done: (code: string | undefined) => void) => () => void,
): Outcome {
  let end: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve) => {
      timer = setTimeout(() => resolve(LATE), waitMs);
      end = begin(resolve);
    });
  } finally {
    clearTimeout(timer);
    end?.();
  }
}

function codeOf(error: Error): string {
  // If a name has several addresses, takes the error of the first.
  const one = error instanceof AggregateError ? (error.errors[0] as Error) : error;
  return (one as NodeJS.ErrnoException).code ?? one.name;
}

/** The certificates that the client trusts, and its own. */
function trustOf({ tlsCAFile, userCertFile, userKeyFile }: EsdbAddress): ConnectionOptions {
  const authorities = tlsCAFile ?? process.env['GRPC_DEFAULT_SSL_ROOTS_FILE_PATH'];
  return {
    ...(authorities !== undefined && { ca: readFileSync(authorities) }),
    ...(userCertFile !== undefined && { cert: readFileSync(userCertFile) }),
    ...(userKeyFile !== undefined && { key: readFileSync(userKeyFile) }),
  };
}
