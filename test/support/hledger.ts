import { spawnSync } from 'node:child_process';

/** Whether hledger is installed: CI has Debian's; elsewhere its tests are skipped by name. */
export const HAS_HLEDGER = spawnSync('hledger', ['--version']).status === 0;

/** Runs hledger on journals, in the C locale, where it refuses non-ASCII bytes. */
export function hledger(
  args: readonly string[],
  journal: string,
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync('hledger', ['-f', '-', ...args], {
    input: journal,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  });
}

/** The complaints of `hledger check --strict ordereddates` about a journal; empty if it passes. */
export function faults(journal: string): string {
  const { status, stdout, stderr } = hledger(['check', '--strict', 'ordereddates'], journal);
  return status === 0 ? '' : `${status}: ${stdout}${stderr}`;
}
