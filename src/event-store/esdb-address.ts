import { accessSync, constants } from 'node:fs';

/** A node of EventStoreDB. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** The parts of a connection string of EventStoreDB, as the client reads them. */
export interface EsdbAddress {
  /** Whether the client asks the nodes for the other nodes. */
  readonly discovers: boolean;
  readonly hosts: readonly Endpoint[];
  /** A secret. */
  readonly credentials: { readonly user: string; readonly password: string } | undefined;
  readonly tls: boolean;
  /** Paths of PEM files. */
  readonly tlsCAFile: string | undefined;
  readonly userCertFile: string | undefined;
  readonly userKeyFile: string | undefined;
}

const STANDARD_PORT = 2113;

/** The values that an option accepts, by the option's name in lower case, without `_` and `-`. */
const OPTIONS: Readonly<Record<string, RegExp>> = {
  tls: /^(true|false)$/,
  tlsverifycert: /^true$/,
  tlscafile: /./,
  usercertfile: /./,
  userkeyfile: /./,
  throwonappendfailure: /^(true|false)$/,
  connectionname: /./,
  nodepreference: /^(leader|follower|read_?only_?replica|random)$/i,
  maxdiscoverattempts: /^\d+$/,
  discoveryinterval: /^\d+$/,
  gossiptimeout: /^\d+$/,
  defaultdeadline: /^[1-9]\d*$/,
  keepaliveinterval: /^(-1|\d+)$/,
  keepalivetimeout: /^(-1|\d+)$/,
};

/**
 * Reads a connection string. The client accepts some strings in a sense that nobody intends, silently or with a warning
 * that shows the password. This function refuses them.
 * @returns the address, or what is wrong with it: the end of a sentence, with no part of the string that may be secret.
 */
export function readEsdbAddress(text: string): EsdbAddress | string {
  const match = /^esdb(\+discover)?:\/\/([^?]*)(?:\?(.*))?$/is.exec(
    text.trim().replace(/\/+$/, ''),
  );
  if (match === null)
    return 'is not a connection string: it should look like esdb://host:2113?tls=true';
  const [, discover, authority = '', query = ''] = match;
  if (query.includes('@') && !authority.includes('@')) {
    return 'has an @ after its first ?: write ? in user and password as %3F, and @ in options as %40';
  }
  if (!/^esdb/.test(text.trim()))
    return 'must begin in lower case, with esdb:// or esdb+discover://';
  const at = authority.lastIndexOf('@');
  const credentials = at < 0 ? undefined : readCredentials(authority.slice(0, at));
  if (typeof credentials === 'string') return credentials;
  const hosts = readHosts(authority.slice(at + 1));
  if (typeof hosts === 'string') return hosts;
  const options = readOptions(query);
  if (typeof options === 'string') return options;
  return {
    discovers: discover !== undefined,
    hosts,
    credentials,
    tls: options.get('tls') !== 'false',
    tlsCAFile: options.get('tlscafile'),
    userCertFile: options.get('usercertfile'),
    userKeyFile: options.get('userkeyfile'),
  };
}

function readCredentials(text: string): EsdbAddress['credentials'] | string {
  const [, user, password] = /^([^:@/,]+):([^:@/,]+)$/.exec(text) ?? [];
  const encoded =
    'must have user:password before the @, with : / @ ? # % and , in them written as %3A %2F %40 %3F %23 %25 %2C';
  if (user === undefined || password === undefined) return encoded;
  try {
    return { user: decodeURIComponent(user), password: decodeURIComponent(password) };
  } catch {
    return encoded;
  }
}

function readHosts(text: string): readonly Endpoint[] | string {
  const hosts: Endpoint[] = [];
  for (const part of text.replace(/\/$/, '').split(',')) {
    const [, host, port = STANDARD_PORT] =
      /^([\p{L}\p{N}._-]+)(?::(\d{1,5}))?$/u.exec(part.trim()) ?? [];
    if (host === undefined || Number(port) > 65_535) {
      return 'must have a host, or several separated by commas: names or IPv4 addresses, each with or without :port';
    }
    hosts.push({ host, port: Number(port) });
  }
  return hosts;
}

function readOptions(query: string): ReadonlyMap<string, string> | string {
  const options = new Map<string, string>();
  for (const part of query === '' ? [] : query.split('&')) {
    const [, name = '', raw = ''] = /^([^=]*)=?(.*)$/s.exec(part)!;
    const key = name.trim().toLowerCase().replace(/[_-]/g, '');
    const takes = OPTIONS[key];
    if (takes === undefined) {
      return `has an unknown option${/^[\w-]{1,40}$/.test(name) ? ` ${name}` : ''}: the options are ${Object.keys(OPTIONS).join(', ')} (in upper or lower case)`;
    }
    if (key === 'tlsverifycert' && raw.trim() === 'false') {
      return 'has tlsVerifyCert=false, which its client does not support: name the certificate of the authority with tlsCAFile';
    }
    const value = decoded(raw.trim());
    if (value === undefined || !takes.test(value)) return `has an invalid value of ${key}`;
    options.set(key, value);
  }
  return faultOfFiles(options) ?? options;
}

function faultOfFiles(options: ReadonlyMap<string, string>): string | undefined {
  if (options.has('usercertfile') !== options.has('userkeyfile')) {
    return 'has only one of userCertFile and userKeyFile: they go together';
  }
  for (const key of ['tlscafile', 'usercertfile', 'userkeyfile']) {
    const path = options.get(key);
    if (path === undefined) continue;
    try {
      accessSync(path, constants.R_OK);
    } catch {
      return `names ${path} as ${key}, which does not exist or may not be read`;
    }
  }
  return undefined;
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** Returns whether two addresses name a node in common, judged by their texts alone. */
export function isSameServer(a: EsdbAddress, b: EsdbAddress): boolean {
  const ofA = new Set(a.hosts.map(nameOf));
  return b.hosts.some((one) => ofA.has(nameOf(one)));
}

function nameOf({ host, port }: Endpoint): string {
  const name = host.toLowerCase();
  return `${name === 'localhost' ? '127.0.0.1' : name}:${port}`;
}
