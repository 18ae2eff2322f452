import { setTimeout as sleep } from 'node:timers/promises';

import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import type { EventStore } from '../event-store/port';
import { RootKeeper } from '../proofs/signed-root/root-keeper';
import { ThreadedProjector } from '../projections/hosted/threaded-projector';
import { ReadModel } from '../read-model/queries';
import type { Cluster } from '../cluster/cluster';
import { CLUSTER, EVENT_STORE } from '../ledger/tokens';
import { Public } from '../security/http/access';

/** How many events, roughly, a projection may be behind before the service calls itself not ready. */
const FAR_BEHIND = 100_000;
/** How long the read model may take to answer. */
const ANSWER_MS = 2_000;

/** Whether the process lives, and whether it can do its work. */
@ApiExcludeController()
@Controller('health')
export class HealthController {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly projector: ThreadedProjector,
    private readonly roots: RootKeeper,
    @Inject(CLUSTER) private readonly cluster: Cluster,
    private readonly readModel: ReadModel,
  ) {}

  @Get('live')
  @Public()
  live() {
    return { status: 'ok' };
  }

  @Get('ready')
  @Public()
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const [head, silence] = await Promise.all([
      this.store.head().catch(() => undefined),
      this.silenceOfReadModel(),
    ]);
    const status = this.projector.status();
    const { position, waits } = status;
    const trouble = silence ?? status.trouble;
    const behind = head === undefined ? null : head - position;
    const apart = this.cluster.trouble();
    const far = FAR_BEHIND * (this.store.positionsAnEvent ?? 1);
    const ready = behind !== null && behind <= far && trouble === undefined && apart === undefined;
    void reply.status(ready ? 200 : 503).send({
      status: ready ? 'ok' : 'unavailable',
      event_store: head === undefined ? 'unavailable' : 'ok',
      head: head === undefined ? null : String(head),
      read_model: {
        position: String(position),
        behind,
        trouble: trouble ?? null,
        waits: waits ?? null,
      },
      instance: { advances: this.cluster.lease.held, trouble: apart ?? null },
      signed_roots: { trouble: this.roots.trouble ?? null },
    });
  }
  /** Why the read model can't be asked now; `undefined` where it answers in time. */
  private async silenceOfReadModel(): Promise<string | undefined> {
    const answer = this.readModel
      .read((rows) => rows.standing())
      .then(() => undefined)
      .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    const late = new AbortController();
    const silent = sleep(ANSWER_MS, 'It does not answer.', { signal: late.signal });
    try {
      return await Promise.race([answer, silent]);
    } finally {
      late.abort();
      silent.catch(() => undefined);
    }
  }
}
