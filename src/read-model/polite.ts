import { setImmediate as turn } from 'node:timers/promises';

import type {
  Kysely,
  KyselyPlugin,
  PluginTransformQueryArgs,
  PluginTransformResultArgs,
  QueryResult,
  RootOperationNode,
  UnknownRow,
} from 'kysely';

/** For how long one piece of work reads on before others of its thread have a turn. */
const TURN_MS = 10;

/**
 * Queries of one piece of work among others on a thread: between two of them the others have their turn, and once `signal` is
 * aborted the next one fails with its reason. A SQLite query alone never gives way.
 */
export function politely<Tables>(db: Kysely<Tables>, signal: AbortSignal): Kysely<Tables> {
  return db.withPlugin(new Politeness(signal));
}

class Politeness implements KyselyPlugin {
  private turnedAt = performance.now();

  constructor(private readonly signal: AbortSignal) {}

  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    return node;
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    if (performance.now() - this.turnedAt > TURN_MS) {
      await turn();
      this.turnedAt = performance.now();
    }
    this.signal.throwIfAborted();
    return result;
  }
}
