import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import type { EventStore } from '../event-store/port';
import { RootKeeper } from '../audit/signed-root/root-keeper';
import { Projector } from '../projections/projector';
import { EVENT_STORE } from './tokens';

/** How many events, roughly, a projection may be behind before the service calls itself not ready. */
const FAR_BEHIND = 100_000;

/** Whether the process lives, and whether it can do its work. */
@ApiExcludeController()
@Controller('health')
export class HealthController {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly projector: Projector,
    private readonly roots: RootKeeper,
  ) {}

  @Get('live')
  live() {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const head = await this.store.head().catch(() => undefined);
    const { position, trouble } = this.projector.status();
    const behind = head === undefined ? null : head - position;
    const far = FAR_BEHIND * (this.store.positionsAnEvent ?? 1);
    const ready = behind !== null && behind <= far && trouble === undefined;
    void reply.status(ready ? 200 : 503).send({
      status: ready ? 'ok' : 'unavailable',
      event_store: head === undefined ? 'unavailable' : 'ok',
      head: head === undefined ? null : String(head),
      read_model: { position: String(position), behind, trouble: trouble ?? null },
      signed_roots: { trouble: this.roots.trouble ?? null },
    });
  }
}
