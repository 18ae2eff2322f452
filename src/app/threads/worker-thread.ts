import { parentPort, workerData } from 'node:worker_threads';

import type { Config } from '../../config/config';
import { threadPort } from '../../lib/thread';
import { runWorker } from './worker';

runWorker(threadPort(parentPort!), workerData as Config);
