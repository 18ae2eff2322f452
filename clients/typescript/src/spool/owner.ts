import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { orIfGone } from './files.js';

/** In a writer's folder: whose it is. Touched while that process lives. */
export const OWNER_FILE = 'owner.json';
/** How often an owner says that it lives, in milliseconds. */
export const BEAT_MS = 10_000;
/** After how long a silent owner is taken for dead, if it can't be known otherwise. */
const SILENT_MS = 6 * BEAT_MS;

/** A process, as others can tell whether it lives. */
export interface Owner {
  readonly pid: number;
  /** Since when, in ticks since the machine started: a number is given to other processes later. */
  readonly since: string | null;
  /** Where the number means this process: the machine since it started, and its space of process numbers. */
  readonly space: string;
}

export function thisProcess(): Owner {
  return { pid: process.pid, since: startOf(process.pid), space: spaceOf() };
}

/**
 * Whether the owner of a folder is gone. A mistake costs nothing: a writer whose files were taken finds that out before it
 * says that a fact is kept.
 */
export function isAbandoned(folder: string, now: number): boolean {
  const path = join(folder, OWNER_FILE);
  const beat = orIfGone(() => statSync(path).mtimeMs, undefined);
  const owner = orIfGone(() => read(path), undefined);
  if (beat === undefined || owner === undefined) return true;
  if (owner.space === spaceOf()) {
    if (!runs(owner.pid)) return true;
    const since = startOf(owner.pid);
    if (since !== null && owner.since !== null) return since !== owner.since;
  }
  return now - beat > SILENT_MS;
}

function read(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** When a process began, where the system says so: the 22nd field, counted behind the name in brackets. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function spaceOf(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}
