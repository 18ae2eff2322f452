import { randomBytes, randomUUID } from 'node:crypto';
import type { DeliveryView, WebhookView } from './webhook.schemas';

import { printInstant } from '../domain/time';
import type { Json } from '../domain/events/facts';
import { readOpaque, refuseCursor, writeOpaque, type Page } from '../http/cursor';
import { readBody } from '../http/json-body';
import { Problem } from '../http/problem';
import type { Statement } from '../kept/kept-tables';
import type { AfterDelivery, Deliveries, Delivery, DeliveryStatus } from './deliveries';
import { checkToSave, UrlNotAllowedError, type Border } from './outgoing';
import { happeningId } from './happenings';
import { sendOnce } from './sender';
import { makeSecret } from './signature';
import type { Webhook } from './webhook';
import { WebhookBody, WebhookChange } from './webhook-body.dto';
import { MOST_WEBHOOKS, type Webhooks } from './webhooks';

const OVERLAP_MS = 24 * 60 * 60 * 1_000;

export interface WebhookAdministrationParts {
  readonly ledgerId: string;
  readonly webhooks: Webhooks;
  readonly deliveries: Deliveries;
  readonly border: Border;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /**
   * Returns statements for the same transaction as a new webhook, which fix the position from which the ledger is
   * followed.
   */
  readonly beginning: () => Promise<readonly Statement[]>;
  /** Called when something may be due. */
  readonly wake: () => void;
}

/** Manages webhooks for admins. */
export class WebhookAdministration {
  constructor(private readonly parts: WebhookAdministrationParts) {}

  list(): Promise<readonly Webhook[]> {
    return this.parts.webhooks.list();
  }

  /** @throws Problem with a pointer to what is wrong, `webhook_url_not_allowed`, `too_many_webhooks`. */
  async add(body: Json): Promise<object> {
    const { url, types, name, enabled } = readBody(body, WebhookBody);
    const webhook: Webhook = {
      id: `wh_${randomBytes(12).toString('hex')}`,
      url: await this.checked(url),
      name,
      types: [...new Set(types)],
      enabled: enabled ?? true,
      secret: makeSecret(),
      oldSecrets: [],
      oldSecretUntil: null,
      createdAt: this.parts.now(),
      offBecause: null,
      offAt: null,
    };
    if (!(await this.parts.webhooks.add(webhook, await this.parts.beginning()))) {
      throw new Problem(
        'too_many_webhooks',
        `There are ${MOST_WEBHOOKS} webhooks already: delete one first.`,
      );
    }
    return { ...webhookView(webhook), secret: webhook.secret };
  }

  /** @throws Problem with a pointer to what is wrong, `webhook_url_not_allowed`, `not_found`. */
  async change(id: string, body: Json): Promise<object> {
    const change = readBody(body, WebhookChange);
    await this.found(id);
    const changed = await this.parts.webhooks.update(id, {
      ...(change.url == null ? {} : { url: await this.checked(change.url) }),
      ...(change.types == null ? {} : { types: [...new Set(change.types)] }),
      ...(change.name == null ? {} : { name: change.name }),
      ...(change.enabled == null ? {} : { enabled: change.enabled }),
    });
    if (!changed) throw unknown();
    this.parts.wake();
    return webhookView(await this.found(id));
  }

  /** @throws Problem `not_found`. */
  async remove(id: string): Promise<void> {
    if (!(await this.parts.webhooks.remove(id))) throw unknown();
  }

  /** Makes a new secret. The old one also signs for a day. @throws Problem `not_found`. */
  async rotate(id: string): Promise<object> {
    const now = this.parts.now();
    const until = now + OVERLAP_MS;
    const secret = makeSecret();
    if (!(await this.parts.webhooks.rotate(id, secret, now, until))) throw unknown();
    return {
      ...webhookView(await this.found(id)),
      secret,
      old_secret_until: printInstant(until),
    };
  }

  /** Sends a `minutebook.test` now, and returns what the receiver answered. @throws Problem `not_found`. */
  async test(id: string): Promise<object> {
    const webhook = await this.found(id);
    const at = this.parts.now();
    const data = { webhook_id: id, name: webhook.name };
    const happening = { key: randomUUID(), type: 'minutebook.test' as const, at, data };
    const began = performance.now();
    const answer = await sendOnce(webhook, this.parts.ledgerId, happening, this.parts);
    return {
      message_id: happeningId(happening),
      delivered: answer.error === null,
      status: answer.status,
      error: answer.error,
      body: answer.body,
      duration_ms: Math.round(performance.now() - began),
    };
  }

  /** Returns deliveries, newest first. @throws Problem `not_found`, `invalid_cursor`. */
  async deliveries(
    id: string,
    status: DeliveryStatus | undefined,
    cursor: string | undefined,
    limit: number,
  ): Promise<Page<object>> {
    const after = cursor === undefined ? undefined : readAfter(cursor);
    await this.found(id);
    const rows = await this.parts.deliveries.list(id, status, after, limit + 1);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      items: shown.map(deliveryView),
      next_cursor: last === undefined ? null : writeOpaque([last.created_at, last.id]),
    };
  }

  /** @throws Problem `not_found`. */
  async redeliver(id: string, deliveryId: string): Promise<object> {
    const { deliveries, now, wake } = this.parts;
    if (!(await deliveries.again(id, deliveryId, now()))) {
      throw new Problem(
        'not_found',
        'There is no delivery with this id to this webhook. They are kept for 30 days.',
      );
    }
    const delivery = await deliveries.find(id, deliveryId);
    wake();
    return deliveryView(delivery!);
  }

  private async found(id: string): Promise<Webhook> {
    const webhook = await this.parts.webhooks.find(id);
    if (webhook === undefined) throw unknown();
    return webhook;
  }

  private async checked(url: string): Promise<string> {
    try {
      return await checkToSave(url, this.parts.border);
    } catch (error) {
      if (!(error instanceof UrlNotAllowedError)) throw error;
      throw new Problem('webhook_url_not_allowed', `${error.message}.`, { pointer: '/url' });
    }
  }
}

function unknown(): Problem {
  return new Problem('not_found', 'There is no webhook with this id.');
}

/** Converts a webhook to the form of the API, without its secrets. */
export function webhookView(webhook: Webhook): WebhookView {
  const { id, url, types, name, enabled, createdAt, offBecause, offAt } = webhook;
  return {
    id,
    url,
    types,
    name,
    enabled,
    off_because: offBecause,
    off_at: offAt === null ? null : printInstant(offAt),
    created_at: printInstant(createdAt),
  };
}

function deliveryView(delivery: Delivery): DeliveryView {
  const { id, happening_id, type, status, tries, last_status, last_error } = delivery;
  const { next_try_at, created_at } = delivery;
  return {
    id,
    message_id: happening_id,
    type,
    status,
    tries,
    last_status,
    last_error,
    next_try_at: next_try_at === null ? null : printInstant(next_try_at),
    created_at: printInstant(created_at),
  };
}

function readAfter(cursor: string): AfterDelivery {
  const [createdAt, id] = readOpaque(cursor, 2);
  if (typeof createdAt !== 'number' || typeof id !== 'string') return refuseCursor();
  return { createdAt, id };
}
