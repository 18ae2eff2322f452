import { X509Certificate } from 'node:crypto';
import { unwatchFile, watchFile } from 'node:fs';
import type { Server } from 'node:https';

import { Logger } from '@nestjs/common';

import { loadTlsFiles, type TlsFiles } from '../config/tls-files';

const LOOK_MS = 2_000;
/** How often to look whether the certificate ends soon, in milliseconds. */
const END_LOOK_MS = 6 * 60 * 60 * 1_000;
/** The last part of a certificate's life, in which it counts as ending soon: nine days of ninety. */
const LAST_PART = 0.1;

/**
 * Returns a warning if a certificate has ended or ends soon. Clients refuse it then, and nothing else would say so.
 * @param pem the certificate, first of its chain.
 * @param now milliseconds since 1970.
 */
export function warningOfEnd(pem: Buffer, now: number): string | undefined {
  const { from, to } = lifeOf(pem);
  if (to - now >= (to - from) * LAST_PART) return undefined;
  const end = `${to < now ? 'ended' : 'ends'} on ${new Date(to).toISOString()}`;
  return `The certificate in TLS_CERT_FILE ${end}. Renew it: the service uses the new files by itself.`;
}

/** Returns from when to when a certificate is valid, in milliseconds since 1970. */
function lifeOf(pem: Buffer): { from: number; to: number } {
  const { validFrom, validTo } = new X509Certificate(pem);
  return { from: Date.parse(validFrom), to: Date.parse(validTo) };
}

/**
 * Uses a new certificate as soon as its files change; open connections go on. If the two files do not fit together, for
 * example when only one has been written yet, logs a warning and keeps the old certificate. Also warns when the
 * certificate ends soon.
 * @param tellEnd is called with the end of each certificate that comes into use, in milliseconds since 1970.
 */
export function followTlsFiles(
  server: Server,
  files: TlsFiles,
  tellEnd: (end: number) => void,
): void {
  const logger = new Logger('tls');
  let inUse = loadTlsFiles(files);
  tellEnd(lifeOf(inUse.cert).to);
  const lookAtEnd = () => {
    const warning = warningOfEnd(inUse.cert, Date.now());
    if (warning !== undefined) logger.warn(warning);
  };
  const reload = () => {
    try {
      const pair = loadTlsFiles(files);
      server.setSecureContext(pair);
      inUse = pair;
      tellEnd(lifeOf(inUse.cert).to);
      logger.log('Reloaded the certificate.');
      lookAtEnd();
    } catch (error) {
      logger.warn(
        `TLS_CERT_FILE and TLS_KEY_FILE changed but cannot be used together. The old certificate stays in use: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
  const paths = [files.certificate, files.key];
  // By polling: when a mounted secret changes, its name links to another file, and file system events miss that.
  for (const path of paths) watchFile(path, { interval: LOOK_MS, persistent: false }, reload);
  lookAtEnd();
  const timer = setInterval(lookAtEnd, END_LOOK_MS).unref();
  server.once('close', () => {
    clearInterval(timer);
    paths.forEach((path) => unwatchFile(path, reload));
  });
}
