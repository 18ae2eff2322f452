import type { Command } from 'commander';

import type { ScopeOptions } from '../audit';

/** Options of commands that look at a part of the ledger, as commander gives them. */
export interface ScopeGiven {
  readonly user?: string;
  readonly period?: string;
  readonly asOf?: string;
}

/** Adds the options that say which part. @param verb what is done with it: "compare". */
export function withScope(command: Command, verb: string): Command {
  return command
    .option('--user <id>', `${verb} what is of this user`)
    .option('--period <month>', `${verb} what is of this month, such as 2026-10`)
    .option('--as-of <place>', `${verb} as of a position or a time`);
}

/** The same as it is asked for over HTTP. */
export function scopeOf({ user, period, asOf }: ScopeGiven): ScopeOptions {
  return { user_id: user, period, as_of: asOf };
}
