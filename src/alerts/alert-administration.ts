import { randomBytes } from 'node:crypto';

import { Decimal, print } from '../domain/money';
import type { Terms } from '../domain/account/terms';
import type { Json } from '../domain/events/facts';
import { readBody } from '../http/json-body';
import { Problem, type ProblemCode } from '../http/problem';
import type { Statement } from '../kept/kept-tables';
import type { ReadModel } from '../read-model/queries';
import { standingOf } from '../usage/standing';
import {
  alertView,
  isOfLedger,
  LIMITED_METRICS,
  METRICS,
  type Alert,
  type AlertView,
  type Metric,
} from './alert';
import { AlertBody } from './alert-body.dto';
import { MOST_ALERTS, type Alerts } from './alerts';

export interface AlertAdministrationParts {
  readonly alerts: Alerts;
  readonly readModel: ReadModel;
  /** Waits briefly for the read model to have its first events, which it may lack right after a start. */
  readonly ready: () => Promise<unknown>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /**
   * Returns statements for the same transaction as a new alert, which fix the position from which the ledger is
   * followed.
   */
  readonly beginning: () => Promise<readonly Statement[]>;
  /** Called after an alert is made, because it may already be reached. */
  readonly wake: () => void;
}

/** Manages alerts for finance. */
export class AlertAdministration {
  constructor(private readonly parts: AlertAdministrationParts) {}

  list(): Promise<readonly Alert[]> {
    return this.parts.alerts.list();
  }

  /** @throws Problem with a pointer to what is wrong, `unknown_alert_metric`, `too_many_alerts`. */
  async add(body: Json): Promise<AlertView> {
    const asked = readBody(body, AlertBody);
    const metric = checked(asked);
    await this.parts.ready();
    const { terms } = await this.parts.readModel.read((snapshot) => standingOf(snapshot));
    const currency = asked.currency ?? null;
    checkCurrency(terms, currency);
    const now = this.parts.now();
    const decimal = (text: string | null | undefined) =>
      text == null ? null : print(new Decimal(text));
    const alert: Alert = {
      id: `alert_${randomBytes(12).toString('hex')}`,
      name: asked.name,
      metric,
      threshold: decimal(asked.threshold),
      share_of_limit: decimal(asked.share_of_limit),
      user_id: asked.user_id ?? null,
      currency,
      from_period: terms.periodOf(now).period,
      created_at: now,
    };
    if (!(await this.parts.alerts.add(alert, await this.parts.beginning()))) {
      throw new Problem(
        'too_many_alerts',
        `There are ${MOST_ALERTS} alerts already: delete one first. One without user_id covers every user.`,
      );
    }
    this.parts.wake();
    return alertView(alert);
  }

  /** @throws Problem `not_found`. */
  async remove(id: string): Promise<void> {
    if (await this.parts.alerts.remove(id)) return;
    throw new Problem('not_found', 'There is no alert with this id.');
  }
}

function checked({ metric, threshold, share_of_limit, user_id }: AlertBody): Metric {
  if (!isMetric(metric)) {
    refuse('metric', `metric must be ${METRICS.join(', ')}.`, 'unknown_alert_metric');
  }
  if (threshold == null && share_of_limit == null) {
    const detail = 'threshold is required, or share_of_limit instead of it.';
    refuse('threshold', detail, 'missing_field');
  }
  if (threshold != null && share_of_limit != null) {
    refuse('share_of_limit', 'Give threshold or share_of_limit, not both.');
  }
  if (share_of_limit != null && !LIMITED_METRICS.includes(metric)) {
    refuse(
      'share_of_limit',
      `Plans limit only ${LIMITED_METRICS.join(' and ')}: give a threshold.`,
    );
  }
  if (user_id != null && isOfLedger({ metric })) {
    refuse('user_id', `${metric} covers all users: leave user_id out.`);
  }
  return metric;
}

function isMetric(text: string): text is Metric {
  return (METRICS as readonly string[]).includes(text);
}

function checkCurrency(terms: Terms, currency: string | null): void {
  if (currency === null || terms.hasCurrency(currency)) return;
  refuse('currency', `No rate card is in ${currency}.`, 'unknown_currency');
}

function refuse(field: string, detail: string, code: ProblemCode = 'invalid_field'): never {
  throw new Problem(code, detail, { pointer: `/${field}` });
}
