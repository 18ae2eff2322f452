import { unwatchFile, watchFile } from 'node:fs';
import type { Server } from 'node:https';

import { Logger } from '@nestjs/common';

import { loadTlsFiles, type TlsFiles } from '../config/tls-files';

const LOOK_MS = 2_000;

/**
 * Uses a new certificate as soon as its files change; open connections go on. If the two files do not fit together, for
 * example when only one has been written yet, logs a warning and keeps the old certificate.
 */
export function followTlsFiles(server: Server, files: TlsFiles): void {
  const logger = new Logger('tls');
  const reload = () => {
    try {
      server.setSecureContext(loadTlsFiles(files));
      logger.log('Reloaded the certificate.');
    } catch (error) {
      logger.warn(
        `TLS_CERT_FILE and TLS_KEY_FILE changed but cannot be used together. The old certificate stays in use: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
  const paths = [files.certificate, files.key];
  // By polling: when a mounted secret changes, its name links to another file, and file system events miss that.
  for (const path of paths) watchFile(path, { interval: LOOK_MS, persistent: false }, reload);
  server.once('close', () => paths.forEach((path) => unwatchFile(path, reload)));
}
