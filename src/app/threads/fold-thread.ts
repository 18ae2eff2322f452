import { parentPort, workerData } from 'node:worker_threads';

import { threadPort } from '../../lib/thread';
import { runFolder, type FolderData } from './fold';

runFolder(threadPort(parentPort!), workerData as FolderData);
