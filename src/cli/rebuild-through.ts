import { setTimeout as sleep } from 'node:timers/promises';

import { originOf } from '../proofs/signed-root/ledger-signer';
import type { Config } from '../config/config';
import type { StoreError } from '../event-store/errors';
import type { RebuildResult } from '../projections/rebuild';
import type { RebuildProgress } from '../projections/rebuild-progress';
import { getJson, postJson, ServiceError } from './client';
import { ledgerIdOf } from './ledger-id';

const LOOK_MS = 250;

/** A rebuild, as the service reports it. */
interface Job {
  readonly id: string;
  readonly status: 'queued' | 'running' | 'done' | 'failed';
  readonly progress: RebuildProgress | null;
  readonly result: RebuildResult | null;
  readonly error: { readonly detail: string } | null;
}

/**
 * Makes a service rebuild its read models, or joins a rebuild that is running. @throws Error that says why it failed.
 */
export async function rebuildThrough(
  url: string,
  key: string | undefined,
  report: (progress: RebuildProgress) => void,
): Promise<RebuildResult> {
  const jobs = `${url.replace(/\/+$/, '')}/v1/audit/rebuilds`;
  let job = await postJson<Job>(jobs, {}, key);
  while (job.status === 'queued' || job.status === 'running') {
    await sleep(LOOK_MS);
    job = await getJson<Job>(`${jobs}/${job.id}`, key);
    if (job.progress !== null) report(job.progress);
  }
  if (job.result === null) throw new Error(job.error?.detail ?? 'the service does not say why.');
  return job.result;
}

/**
 * Returns the address of the service that has the configured ledger.
 * @param locked the error that says who has the ledger open.
 * @throws Error if no service answers there, or one with another ledger does.
 */
export async function urlOfService(
  config: Config,
  key: string | undefined,
  locked: StoreError,
): Promise<string> {
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const url = `${config.tls === undefined ? 'http' : 'https'}://${host}:${config.port}`;
  const help = 'Give its address with --url.';
  const { verifier_keys: keys } = await getJson<{ verifier_keys: readonly string[] }>(
    `${url}/v1/audit/root`,
    key,
    { unreachable: false },
  ).catch((cause: unknown) => {
    // A service of ours that refuses says why.
    if (cause instanceof ServiceError && cause.code !== undefined) throw cause;
    throw new Error(`${locked.message} No service answers at ${url}. ${help}`, { cause });
  });
  const origin = originOf(await ledgerIdOf(config));
  if (keys.some((key) => key.startsWith(`${origin}+`))) return url;
  throw new Error(`${locked.message} The service at ${url} has another ledger. ${help}`);
}
