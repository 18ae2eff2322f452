import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';

import type { Get } from './paths';

/** The PEM files of the service's certificate chain and of its private key. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

/** The contents of the files. */
export interface TlsPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Reads the names of the files, and checks that TLS works with their contents. */
export function readTlsFiles(
  names: Readonly<Record<keyof TlsFiles, string>>,
  get: Get,
  mistakes: string[],
): TlsFiles | undefined {
  const [certificate, key] = [get(names.certificate), get(names.key)];
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined) {
    const [there, missing] =
      key === undefined ? [names.certificate, names.key] : [names.key, names.certificate];
    mistakes.push(`${there} without ${missing}: TLS needs both files.`);
    return undefined;
  }
  const files = { certificate: resolve(certificate), key: resolve(key) };
  try {
    loadTlsFiles(files);
  } catch (error) {
    mistakes.push(
      `${names.certificate} and ${names.key} can't be used together: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  return files;
}

/**
 * Reads the files. @throws Error if one can't be read or is not PEM, or if the key does not belong to the certificate.
 */
export function loadTlsFiles(files: TlsFiles): TlsPair {
  const pair = { cert: readFileSync(files.certificate), key: readFileSync(files.key) };
  createSecureContext(pair);
  return pair;
}
