import { mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { CloudEvent } from '../producer/facts.js';
import { FOLDER_MODE, namesIn, orIfGone, remove, writeWhole } from './files.js';

/** A fact that the ledger refused for good, and why. */
export interface RefusedFact {
  readonly event: CloudEvent;
  /** The ledger's code, such as `attempt_already_settled`. */
  readonly code: string;
  /** What to do, in a sentence. */
  readonly detail: string;
  /** Where in the event the mistake is, if in a single place. */
  readonly pointer: string | null;
  /** The fields that differ from the fact that already has this id. */
  readonly fields: readonly string[] | null;
  readonly refused_at: string;
}

const FOLDER = 'refused';
const FILE = /\.ndjson$/;

/** Facts that were refused for good, kept in files of their own: one for each segment they came from. */
export class RefusedFacts {
  readonly folder: string;

  constructor(spool: string) {
    this.folder = join(spool, FOLDER);
    mkdirSync(this.folder, { recursive: true, mode: FOLDER_MODE });
  }

  /**
   * Keeps facts. If it is called again for the same segment after a crash, the facts are still kept once. Returns the
   * bytes written.
   */
  keep(segment: string, facts: readonly RefusedFact[]): number {
    const text = facts.map((fact) => `${JSON.stringify(fact)}\n`).join('');
    writeWhole(join(this.folder, `${basename(segment)}.ndjson`), text);
    return Buffer.byteLength(text);
  }

  /** Keeps a copy of a damaged segment for a person to look at. Returns its path. */
  keepDamaged(segment: string, bytes: Buffer): string {
    const path = join(this.folder, `${basename(segment)}.damaged`);
    writeWhole(path, bytes);
    return path;
  }

  /** Yields the files in order of name, each with its facts. */
  *files(): Generator<{ readonly path: string; readonly facts: RefusedFact[] }> {
    for (const name of namesIn(this.folder).sort()) {
      if (!FILE.test(name)) continue;
      const path = join(this.folder, name);
      const text = orIfGone(() => readFileSync(path, 'utf8'), '');
      const lines = text.split('\n').filter((line) => line !== '');
      yield { path, facts: lines.map((line) => JSON.parse(line) as RefusedFact) };
    }
  }

  remove(path: string): void {
    remove(path);
  }
}
