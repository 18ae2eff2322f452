import { parentPort, workerData } from 'node:worker_threads';

import { threadPort } from '../../lib/thread';
import { runProjection } from './projection';

runProjection(threadPort(parentPort!), workerData as Parameters<typeof runProjection>[1]);
