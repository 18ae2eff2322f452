import { AlertAdministration } from '../../alerts/alert-administration';
import { Alerts } from '../../alerts/alerts';
import { Evaluation } from '../../alerts/evaluation';
import { Follower } from '../../alerts/follower';
import { beginAt, Told } from '../../alerts/told';
import { Backlog, type WaitingFor } from '../../webhooks/backlog';
import { Deliveries } from '../../webhooks/deliveries';
import type { Happening } from '../../webhooks/happenings';
import { borderOf } from '../../webhooks/outgoing';
import { Sender } from '../../webhooks/sender';
import { WebhookAdministration } from '../../webhooks/webhook-administration';
import { Webhooks } from '../../webhooks/webhooks';
import type { Parts } from './parts';
import { OPENING, reportTo, warnTo, type Start } from './start';

const SWEEP_MS = 60 * 60 * 1_000;
/** How long the outcomes of deliveries are kept, in milliseconds. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1_000;

/** How long making an alert waits for the read model to have the ledger's opening, in milliseconds. */
const READY_MS = 2_000;

/** Webhooks, which report what happens, and the alerts that they report. */
export interface Telling {
  readonly alerts: AlertAdministration;
  readonly webhooks: WebhookAdministration;
  start(): void;
  /** Queues a happening for webhooks. A second call with the same key does nothing. */
  tell(happening: Happening): Promise<void>;
  /** How many deliveries wait for each webhook, as of the last look. */
  waiting(): readonly WaitingFor[];
}

/** Makes the follower of the ledger and the sender of webhooks. Neither is started yet. */
export function openTelling(
  { config, now, opened }: Start,
  { storage, cluster, projection }: Pick<Parts, 'storage' | 'cluster' | 'projection'>,
): Telling {
  const { ledgerId, store, readModel } = storage;
  const { tables } = storage.vault;
  const { waiter, advances } = projection.projector;
  const [warn, report] = [warnTo('webhooks'), reportTo('webhooks')];
  const isOnDuty = () => cluster.lease.held;
  const alerts = new Alerts(tables);
  const webhooks = new Webhooks(tables);
  const deliveries = new Deliveries(tables);
  const border = borderOf(config.webhookAllowPrivate);
  const most = config.limits.webhookMostWaiting;
  const backlog = new Backlog({ webhooks, deliveries, most, isOnDuty, now, warn, report });
  const told = new Told(tables, ledgerId, now, (happenings) => backlog.kept(happenings));
  const sender = new Sender({ webhooks, deliveries, border, isOnDuty, now, report });
  const evaluation = new Evaluation(readModel, now, (happenings) => told.keep(happenings));
  const wakeSender = () => sender.look();
  const follower = new Follower({
    store,
    alerts,
    webhooks,
    evaluation,
    told,
    now,
    projected: () => waiter.reachedPosition,
    isOnDuty,
    wakeSender,
    report,
  });
  let sweeping: NodeJS.Timeout | undefined;
  for (const part of [backlog, sender, follower]) opened.keep(part);
  opened.atClose(() => clearInterval(sweeping));
  opened.atClose(advances.add(() => follower.wake()));
  // The position from which to follow the ledger, if it was never followed before. If it was, a new webhook also
  // reports events that were recorded before it but not projected yet.
  const common = { now, beginning: async () => [beginAt(await store.head())] };
  const ready = () => waiter.waitFor(OPENING, READY_MS);
  const wake = () => follower.wake();
  const sent = { ledgerId, webhooks, deliveries, border, wake: wakeSender };
  const sweep = () => {
    if (isOnDuty()) deliveries.sweep(now() - KEPT_MS).catch(report);
  };
  return {
    alerts: new AlertAdministration({ alerts, readModel, ready, wake, ...common }),
    webhooks: new WebhookAdministration({ ...sent, ...common }),
    start: () => {
      follower.start();
      backlog.start();
      sender.start();
      sweeping = setInterval(sweep, SWEEP_MS).unref();
    },
    tell: async (happening) => {
      await told.keep([happening]);
      wakeSender();
    },
    waiting: () => backlog.waiting,
  };
}
