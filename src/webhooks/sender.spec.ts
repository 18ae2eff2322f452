import { setTimeout as sleep } from 'node:timers/promises';

import type { Deliveries, DueDelivery, Tried } from './deliveries';
import { borderOf } from './outgoing';
import { Sender } from './sender';
import { makeSecret } from './signature';
import type { Webhook } from './webhook';
import { Receiver } from '../../test/support/receiver';

const webhook = (url: string): Webhook => ({
  id: 'wh_1',
  url,
  name: 'a hook',
  types: ['minutebook.alert.reached'],
  enabled: true,
  secret: makeSecret(),
  oldSecrets: [],
  oldSecretUntil: null,
  createdAt: 1,
  offBecause: null,
  offAt: null,
});
const DUE = {
  id: 'dl_1',
  webhook_id: 'wh_1',
  happening_id: 'h',
  next_try_at: 1,
  tries: 0,
  step: 0,
  body: '{}',
};

/** An outbox with one delivery, whose database can be slow or refuse to write. */
class Outbox implements Pick<Deliveries, 'due' | 'note' | 'bringForward'> {
  isDue = true;
  refuses = false;
  noted = 0;
  /** Runs after the rows were read, before they are returned. */
  onTheWay: () => Promise<void> = () => Promise.resolve();

  async due(): Promise<DueDelivery[]> {
    const rows = this.isDue ? [DUE as DueDelivery] : [];
    await this.onTheWay();
    return rows;
  }

  note(all: readonly Tried[]): Promise<void> {
    if (this.refuses) return Promise.reject(new Error('The disk is full.'));
    this.noted += all.length;
    this.isDue = false;
    return Promise.resolve();
  }

  bringForward = () => Promise.resolve();
}

describe('a sender', () => {
  let receiver: Receiver;
  let outbox: Outbox;
  let sender: Sender;
  let reported: unknown[];
  beforeEach(async () => {
    receiver = await Receiver.start();
    outbox = new Outbox();
    reported = [];
    sender = new Sender({
      webhooks: { list: () => Promise.resolve([webhook(receiver.url)]) },
      deliveries: outbox,
      border: borderOf(true),
      isOnDuty: () => true,
      now: () => Date.now(),
      report: (error) => reported.push(error),
    });
  });
  afterEach(async () => {
    await sender.close();
    await receiver.close();
  });

  it('does not send again a delivery that a slow look had read before its result was written', async () => {
    sender.look();
    while (receiver.received.length === 0) await sleep(5);
    // This look reads the delivery as due, and returns it only once its result is written.
    outbox.onTheWay = async () => {
      outbox.onTheWay = () => Promise.resolve();
      while (outbox.noted === 0) await sleep(5);
      await sleep(20);
    };
    sender.look();
    while (outbox.noted === 0) await sleep(5);
    await sleep(200);
    expect(receiver.received).toHaveLength(1);
  });

  it('sends nothing again while results cannot be written, and writes them once they can', async () => {
    outbox.refuses = true;
    sender.look();
    while (reported.length === 0) await sleep(5);
    sender.look();
    await sleep(300);
    expect(receiver.received).toHaveLength(1);
    outbox.refuses = false;
    while (outbox.noted === 0) await sleep(20);
    expect(receiver.received).toHaveLength(1);
  });
});
