import { readEsdbAddress } from '../esdb-address';

const MASK = '***';

/**
 * Returns a function that masks the secrets of a connection string in a text, in every form in which they may appear.
 */
export function maskOf(connectionString: string): (text: string) => string {
  const secrets = [...secretsOf(connectionString)].sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
}

function secretsOf(connectionString: string): Set<string> {
  const secrets = new Set([connectionString.trim()]);
  const raw = /^[^:]+:\/\/([^@]*)@/.exec(connectionString.trim())?.[1];
  if (raw !== undefined) {
    secrets.add(raw);
    const password = raw.slice(raw.indexOf(':') + 1);
    if (password !== '') secrets.add(password);
  }
  const address = readEsdbAddress(connectionString);
  if (typeof address === 'object' && address.credentials !== undefined) {
    const { user, password } = address.credentials;
    secrets.add(password).add(Buffer.from(`${user}:${password}`).toString('base64'));
  }
  return secrets;
}

const METHODS = ['debug', 'info', 'log', 'warn', 'error'] as const;

/** Runs work that prints, and passes each text that it printed to `say` at the end. */
export function hearing<T>(say: (text: string) => void, work: () => T): T {
  const heard: string[] = [];
  const write = process.stderr.write.bind(process.stderr);
  // eslint-disable-next-line @typescript-eslint/unbound-method -- put back as they were
  const methods = METHODS.map((method) => console[method]);
  for (const method of METHODS) {
    console[method] = (...values: unknown[]) => void heard.push(values.map(String).join(' '));
  }
  // With DEBUG set, the client prints past the console.
  process.stderr.write = (text: string | Uint8Array) => heard.push(text.toString().trimEnd()) > 0;
  try {
    return work();
  } finally {
    process.stderr.write = write;
    METHODS.forEach((method, index) => (console[method] = methods[index]!));
    heard.forEach(say);
  }
}
