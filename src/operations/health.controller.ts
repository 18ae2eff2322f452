import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

import type { EventStore } from '../event-store/port';
import { RootKeeper } from '../proofs/signed-root/root-keeper';
import { ThreadedProjector } from '../projections/hosted/threaded-projector';
import { ReadModel } from '../read-model/queries';
import type { Cluster } from '../cluster/cluster';
import { LedgerHead } from '../ledger/ledger-head';
import { CLUSTER, EVENT_STORE } from '../ledger/tokens';
import { Public } from '../security/http/access';
import { printInstant } from '../domain/time';
import { BackgroundCheck } from '../verify/background-check';
import { Probe } from './probe';
import { Describe, json } from '../http/openapi/describe';
import { LIVENESS, READINESS, type ReadinessView } from './health.schemas';

/** How long each check may take, in milliseconds. A probe usually waits for a second. */
const ANSWER_MS = 800;

/** Decides when the service reports that it is not ready. */
export class Readiness {
  /** @param maxBehind how many events the read model may lag behind. */
  constructor(readonly maxBehind: number) {}
}

/** Whether the process is alive, and whether it can do its work. */
@Controller('health')
export class HealthController {
  private readonly head: Probe<number>;
  private readonly rows: Probe<unknown>;

  constructor(
    @Inject(EVENT_STORE) store: EventStore,
    private readonly ledgerHead: LedgerHead,
    private readonly projector: ThreadedProjector,
    private readonly roots: RootKeeper,
    @Inject(CLUSTER) private readonly cluster: Cluster,
    private readonly readiness: Readiness,
    private readonly background: BackgroundCheck,
    readModel: ReadModel,
  ) {
    this.head = new Probe(() => store.head(), ANSWER_MS);
    this.rows = new Probe(() => readModel.read((rows) => rows.standing()), ANSWER_MS);
  }

  @Get('live')
  @Describe({
    tag: 'Operations',
    summary: 'Whether the process is alive.',
    description: 'For a liveness probe. It checks neither the store nor the read model.',
    answers: { 200: json(LIVENESS) },
  })
  @Public()
  live() {
    return { status: 'ok' };
  }

  /** Answers within a second, whatever hangs. */
  @Get('ready')
  @Describe({
    tag: 'Operations',
    summary: 'Whether it can do its work.',
    description:
      'For a readiness probe: whether the event store and the read model answer, and the read model is near the head. It answers within a second.',
    answers: { 200: json(READINESS), 503: json(READINESS, 'The service is not ready.') },
  })
  @Public()
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const [head, rows] = await Promise.all([this.head.ask(), this.rows.ask()]);
    if ('answer' in head) this.ledgerHead.saw(head.answer);
    const { position, waits, ...status } = this.projector.status();
    const trouble = 'silence' in rows ? rows.silence : status.trouble;
    const apart = this.cluster.trouble();
    const behind = this.ledgerHead.behind(position);
    const isFar = behind > this.readiness.maxBehind;
    const ready = 'answer' in head && !isFar && trouble === undefined && apart === undefined;
    const answer: ReadinessView = {
      status: ready ? 'ok' : 'unavailable',
      event_store: 'answer' in head ? 'ok' : 'unavailable',
      head: 'answer' in head ? String(head.answer) : null,
      read_model: {
        position: String(position),
        behind: 'answer' in head ? behind : null,
        max_behind: this.readiness.maxBehind,
        trouble: trouble ?? null,
        waits: waits ?? null,
      },
      instance: { advances: this.cluster.lease.held, trouble: apart ?? null },
      signed_roots: { trouble: this.roots.trouble ?? null },
      background_check: this.checked(),
    };
    void reply.status(ready ? 200 : 503).send(answer);
  }

  /** Returns the state of the background check. Its findings do not make the service unready. */
  private checked() {
    const { state, faults, kinds, finishedAt, trouble } = this.background.status();
    return {
      state,
      faults: finishedAt === undefined ? null : faults,
      kinds,
      finished_at: finishedAt === undefined ? null : printInstant(finishedAt),
      trouble: trouble ?? null,
    };
  }
}
