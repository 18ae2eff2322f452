import { unwatchFile, watchFile } from 'node:fs';
import type { Server } from 'node:https';

import { Logger } from '@nestjs/common';

import { loadTlsFiles, type TlsFiles } from '../config/tls-files';

const LOOK_MS = 2_000;

/**
 * Uses a new certificate as soon as its files change; connections that are there go on. Files that can not be used together,
 * such as between the writing of the one and of the other, are said and left alone.
 */
export function followTlsFiles(server: Server, files: TlsFiles): void {
  const logger = new Logger('tls');
  const reload = () => {
    try {
      server.setSecureContext(loadTlsFiles(files));
      logger.log('The certificate was read again.');
    } catch (error) {
      logger.warn(
        `TLS_CERT_FILE and TLS_KEY_FILE changed and can not be used together; the certificate from before stays in use: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
  const paths = [files.certificate, files.key];
  // By looking, as changes of a mounted secret are not told: its name becomes a link to another file.
  for (const path of paths) watchFile(path, { interval: LOOK_MS, persistent: false }, reload);
  server.once('close', () => paths.forEach((path) => unwatchFile(path, reload)));
}
