import type { HappeningType } from './happenings';

/** How many earlier secrets sign beside the newest one, however often it is changed. */
const MOST_OLD_SECRETS = 4;

/** A webhook: which types of happenings to send to which address. Times are milliseconds since 1970. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly name: string;
  readonly types: readonly HappeningType[];
  readonly enabled: boolean;
  readonly secret: string;
  /** The previous secrets, newest first, which also sign until a certain time. */
  readonly oldSecrets: readonly string[];
  readonly oldSecretUntil: number | null;
  readonly createdAt: number;
  /**
   * Why the service turned the webhook off, and when; both `null` if it did not, or if somebody has changed that since.
   */
  readonly offBecause: OffBecause | null;
  readonly offAt: number | null;
}

/** `too_many_waiting`: too many deliveries wait for it (backlog.ts). */
export type OffBecause = 'too_many_waiting';

export interface WebhookRow {
  readonly id: string;
  readonly url: string;
  readonly name: string;
  /** The types, separated by spaces, with a space before and after. */
  readonly types: string;
  readonly enabled: number;
  readonly secret: string;
  /** The previous secrets, separated by spaces. */
  readonly old_secret: string | null;
  readonly old_secret_until: number | null;
  readonly created_at: number;
  readonly off_because: string | null;
  readonly off_at: number | null;
}

export function readWebhook(row: WebhookRow): Webhook {
  return {
    id: row.id,
    url: row.url,
    name: row.name,
    types: row.types.trim().split(' ') as HappeningType[],
    enabled: row.enabled === 1,
    secret: row.secret,
    oldSecrets: row.old_secret?.split(' ') ?? [],
    oldSecretUntil: row.old_secret_until,
    createdAt: row.created_at,
    offBecause: row.off_because as OffBecause | null,
    offAt: row.off_at,
  };
}

export function webhookValues(one: Webhook): (string | number | null)[] {
  return [
    one.id,
    one.url,
    one.name,
    typesText(one.types),
    one.enabled ? 1 : 0,
    one.secret,
    one.oldSecrets.length === 0 ? null : one.oldSecrets.join(' '),
    one.oldSecretUntil,
    one.createdAt,
    one.offBecause,
    one.offAt,
  ];
}

/** Returns types as they are stored: each between spaces, so that SQL finds a type with LIKE. */
export function typesText(types: readonly string[]): string {
  return ` ${types.join(' ')} `;
}

/** Returns the secrets that sign at a time, newest first. */
export function secretsAt({ secret, oldSecrets, oldSecretUntil }: Webhook, now: number): string[] {
  return oldSecretUntil !== null && now < oldSecretUntil ? [secret, ...oldSecrets] : [secret];
}

/** Returns, as they are stored, the secrets that sign beside the next one. */
export function oldSecretsText(webhook: Webhook, now: number): string {
  return secretsAt(webhook, now).slice(0, MOST_OLD_SECRETS).join(' ');
}
