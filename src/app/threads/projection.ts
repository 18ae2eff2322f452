import { join } from 'node:path';

import type { Config } from '../../config/config';
import { startThread, type Thread, type ThreadPort } from '../../lib/thread';
import type { ProjectionData } from '../../projections/hosted/calls';
import { hostProjector, type OpenSide } from '../../projections/hosted/host-projector';
import { openProjectionSide } from './stores';
import { heapOf } from './heap';
import { logPrinted } from './printed';

interface Data {
  readonly projection: ProjectionData;
  readonly config: Pick<Config, 'eventStore' | 'readModel' | 'memory'>;
}

/** The program of the thread that projects. */
export function runProjection(port: ThreadPort, { projection, config }: Data): void {
  const open: OpenSide = (ports, report) => openProjectionSide(config, ports, report);
  hostProjector(port, projection, open, config.memory.projection);
}

/** Starts the thread that projects. */
export function startProjection(config: Config, projection: ProjectionData): Thread {
  const { eventStore, readModel, memory } = config;
  const file = join(__dirname, 'projection-thread.js');
  const data = { projection, config: { eventStore, readModel, memory } };
  const heap = heapOf(config, memory.projectionYoungMb);
  return startThread({ file, run: runProjection }, data, heap, logPrinted);
}
