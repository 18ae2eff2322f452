import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { orIfGone } from './files.js';

/** Names the owner of a writer's folder. The owner touches it while it lives. */
export const OWNER_FILE = 'owner.json';
/** How often an owner shows that it lives, in milliseconds. */
export const BEAT_MS = 10_000;
/**
 * How long an owner may be silent, in milliseconds, before it counts as dead, if nothing else shows whether it lives.
 */
const SILENT_MS = 6 * BEAT_MS;

/** A process, described so that others can tell whether it lives. */
export interface Owner {
  readonly pid: number;
  /** When it started, in ticks since boot, because process ids are reused; `null` if unknown. */
  readonly since: string | null;
  /** Where the pid is valid: this boot of the machine and its pid namespace, else the host name. */
  readonly space: string;
}

export function thisProcess(): Owner {
  return { pid: process.pid, since: startOf(process.pid), space: spaceOf() };
}

/**
 * Whether the owner of a folder is gone. A mistake loses nothing: a writer whose files were taken notices that before
 * it reports a fact as kept.
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
  // A clock that was set back must not keep a dead owner alive: a beat far in the future is as silent as an old one.
  return Math.abs(now - beat) > SILENT_MS;
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
    // EPERM: the process lives, as another user.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Returns when a process started, on Linux: field 22 of its stat, counted from the end of the name in brackets. */
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
