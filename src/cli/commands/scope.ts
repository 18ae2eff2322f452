import type { Command } from 'commander';

import type { ScopeOptions } from '../audit';

/** Options that select a part of the ledger, as commander gives them. */
export interface ScopeGiven {
  readonly user?: string;
  readonly period?: string;
  readonly asOf?: string;
}

/**
 * Adds the options that select a part of the ledger.
 * @param verb what the command does with the selected part, such as "compare".
 */
export function withScope(command: Command, verb: string): Command {
  return command
    .option('--user <id>', `${verb} only what belongs to this user`)
    .option('--period <month>', `${verb} only what belongs to this month, such as 2026-10`)
    .option('--as-of <place>', `${verb} as of a position or a time`);
}

/** Converts the options to their HTTP names. */
export function scopeOf({ user, period, asOf }: ScopeGiven): ScopeOptions {
  return { user_id: user, period, as_of: asOf };
}
