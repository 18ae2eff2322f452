import { AlertAdministration } from '../alerts/alert-administration';
import { Alerts } from '../alerts/alerts';
import { Evaluation } from '../alerts/evaluation';
import { Follower } from '../alerts/follower';
import { beginAt, Told } from '../alerts/told';
import type { EventStore } from '../event-store/port';
import type { KeptTables } from '../kept/kept-tables';
import type { ReadModel } from '../read-model/queries';
import { Backlog, type WaitingFor } from '../webhooks/backlog';
import { Deliveries } from '../webhooks/deliveries';
import type { Happening } from '../webhooks/happenings';
import { borderOf } from '../webhooks/outgoing';
import { Sender } from '../webhooks/sender';
import { WebhookAdministration } from '../webhooks/webhook-administration';
import { Webhooks } from '../webhooks/webhooks';

const SWEEP_MS = 60 * 60 * 1_000;
/** For how long it is shown what became of deliveries. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1_000;

export interface TellingParts {
  readonly ledgerId: string;
  readonly tables: KeptTables;
  readonly store: Pick<EventStore, 'readAll' | 'head'>;
  readonly readModel: ReadModel;
  readonly allowPrivate: boolean;
  /** How many deliveries may wait for one webhook. */
  readonly mostWaiting: number;
  /** The position that the read model has, as far as this instance knows. */
  readonly projected: () => number;
  /** Waits a moment for the read model to have anything. */
  readonly ready: () => Promise<unknown>;
  /** Whether this instance is the one that follows the ledger, and sends. */
  readonly isOnDuty: () => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly warn: (message: string) => void;
  readonly report: (error: unknown) => void;
}

/** Those who are told what happens: webhooks, and the alerts that they wait for. */
export interface Telling {
  readonly alerts: AlertAdministration;
  readonly webhooks: WebhookAdministration;
  start(): void;
  /** Has webhooks told of something, once. */
  tell(happening: Happening): Promise<void>;
  /** The projection went on. */
  advanced(): void;
  /** What waits for webhooks, as of the last look. */
  waiting(): readonly WaitingFor[];
  close(): Promise<void>;
}

/** Puts together what follows the ledger and what sends. */
export function openTelling(parts: TellingParts): Telling {
  const { tables, ledgerId, readModel, now, isOnDuty, report } = parts;
  const alerts = new Alerts(tables);
  const webhooks = new Webhooks(tables);
  const deliveries = new Deliveries(tables);
  const border = borderOf(parts.allowPrivate);
  const backlog = new Backlog({ ...parts, webhooks, deliveries, most: parts.mostWaiting });
  const told = new Told(tables, ledgerId, now, (happenings) => backlog.kept(happenings));
  const sender = new Sender({ webhooks, deliveries, border, isOnDuty, now, report });
  const evaluation = new Evaluation(readModel, now, (happenings) => told.keep(happenings));
  const wakeSender = () => sender.look();
  const follower = new Follower({ ...parts, alerts, webhooks, evaluation, told, wakeSender });
  // What is recorded from here on is told of.
  const beginning = async () => [beginAt(await parts.store.head())];
  const common = { now, beginning };
  const sweep = () => {
    if (isOnDuty()) deliveries.sweep(now() - KEPT_MS).catch(report);
  };
  let sweeping: NodeJS.Timeout | undefined;
  return {
    alerts: new AlertAdministration({
      alerts,
      readModel,
      ready: parts.ready,
      ...common,
      wake: () => follower.wake(),
    }),
    webhooks: new WebhookAdministration({
      ledgerId,
      webhooks,
      deliveries,
      border,
      ...common,
      wake: wakeSender,
    }),
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
    advanced: () => follower.wake(),
    waiting: () => backlog.waiting,
    close: async () => {
      clearInterval(sweeping);
      await follower.close();
      await sender.close();
      await backlog.close();
    },
  };
}
