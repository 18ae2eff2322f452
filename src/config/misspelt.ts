import { editDistance } from '../lib/edit-distance';

/**
 * Every variable that is read (docs/reference/configuration.md) except OpenTelemetry's: its SDK reads more of them than
 * we know.
 */
export const OWN_VARIABLES = [
  'BACKGROUND_CHECK_SHARE',
  'BILLING_TIME_ZONE',
  'CHECKPOINT_FOLDER',
  'CONSOLE_OIDC_CLIENT_ID',
  'CONSOLE_OIDC_ISSUER',
  'CONSOLE_OIDC_PARAMETERS',
  'CONSOLE_OIDC_SCOPE',
  'DATA_DIR',
  'EVENT_STORE_URL',
  'HOST',
  'INVOICE_ISSUER_NAME',
  'JWKS_URL',
  'JWT_AUDIENCE',
  'JWT_ISSUER',
  'JWT_ROLES_CLAIM',
  'JWT_USER_CLAIM',
  'LOG_FORMAT',
  'LOG_LEVEL',
  'MEMORY_MB',
  'PLANS_FILE',
  'PORT',
  'PUBLIC_CHECKPOINT',
  'RATE_CARD_FILE',
  'RATE_LIMIT_COSTLY',
  'RATE_LIMIT_FINANCE',
  'RATE_LIMIT_PRODUCER',
  'RATE_LIMIT_READER',
  'READY_MAX_BEHIND',
  'READ_MODEL_URL',
  'STREAM_PREFIX',
  'THREAD_HEAP_MB',
  'TLS_CERT_FILE',
  'TLS_KEY_FILE',
  'TRUST_PROXY',
  'WEBHOOK_ALLOW_PRIVATE',
  'WEBHOOK_MOST_WAITING',
  'WITNESSES_FILE',
  'WITNESS_ALLOW_PRIVATE',
  'WORKER_THREADS',
];

/**
 * Wrong names that people use for the variables that open a ledger, and that are too different for an edit distance.
 */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  BILLING_CURRENCY: 'RATE_CARD_FILE',
  BILLING_TZ: 'BILLING_TIME_ZONE',
  BILLING_ZONE: 'BILLING_TIME_ZONE',
  PLANS_PATH: 'PLANS_FILE',
  RATE_CARD: 'RATE_CARD_FILE',
  RATE_CARDS: 'RATE_CARD_FILE',
  RATE_CARD_PATH: 'RATE_CARD_FILE',
};

/**
 * How many letters, not counting `_`, a name must have to be compared. Others (HOST, PORT) resemble other programs'
 * variables.
 */
const SHORTEST = 7;
/** In names of at least this length, two letters may be wrong. */
const LONG = 10;
const OWN_PREFIX = /^MINUTEBOOK_/;

/**
 * Returns a sentence for each variable that looks like one of ours misspelt. To avoid warning of other programs'
 * variables:
 *
 * - the variable that is meant must be unset: if it is set, its value counts;
 * - apart from `_` and capitals, the names begin with the same letter (`SSL_CERT_FILE` is OpenSSL's, and means what it
 *   says) and differ in one letter, or two if they have ten or more; or the name is ours after `MINUTEBOOK_`;
 * - names as short as `HOST` and `PORT` are ignored because they mean too many things, and OpenTelemetry's because its
 *   SDK reads them.
 */
export function misspeltVariables(
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  const isSet = (name: string) => (environment[name]?.trim() ?? '') !== '';
  const candidates = OWN_VARIABLES.filter((name) => !isSet(name));
  const others = Object.keys(environment).filter(
    (name) => isSet(name) && !OWN_VARIABLES.includes(name) && !/^OTEL_/i.test(name),
  );
  return others.sort().flatMap((name) => {
    const meant = meantBy(name, candidates);
    return meant === undefined ? [] : [warningOf(name, meant)];
  });
}

function meantBy(name: string, candidates: readonly string[]): string | undefined {
  const bare = name.toUpperCase().replace(OWN_PREFIX, '');
  const other = OTHER_NAMES[bare];
  if (other !== undefined) return candidates.includes(other) ? other : undefined;
  const near = candidates
    .map((own) => ({ own, distance: distanceOf(bare, own) }))
    .filter(({ distance }) => distance < Infinity);
  return near.sort((a, b) => a.distance - b.distance)[0]?.own;
}

function distanceOf(name: string, own: string): number {
  const [one, other] = [name, own].map((text) => text.replaceAll('_', '')) as [string, string];
  const most = other.length < SHORTEST ? -1 : other.length < LONG ? 1 : 2;
  if (one[0] !== other[0] || Math.abs(one.length - other.length) > most) return Infinity;
  const distance = editDistance(one, other);
  return distance <= most ? distance : Infinity;
}

function warningOf(name: string, meant: string): string {
  const read = `Warning: the environment has ${name}, which Minutebook does not read, and no ${meant}.`;
  return name.endsWith('CURRENCY')
    ? `${read} The currency is that of the first card in ${meant}: set that, and start again.`
    : `${read} If you mean ${meant}, correct the name, and start again.`;
}
