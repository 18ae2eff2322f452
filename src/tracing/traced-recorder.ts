import { SpanStatusCode, trace, type Span } from '@opentelemetry/api';

import type { Fact } from '../domain/events/facts';
import { Recorder } from '../ledger/recorder';
import type { FactVerdict } from '../ledger/session-writer';
import type { AppendEnd } from '../ledger/watched-store';
import { contextOfRequest } from '../http/request-span';
import type { CommitSpans } from './commit-spans';

/** A recorder that makes a span of each request's facts: from when they are queued until they are durable. */
export class TracedRecorder extends Recorder {
  private commits: CommitSpans | undefined;

  /** Makes the recorder also tell the commit spans what it has recorded. */
  followedBy(commits: CommitSpans): this {
    this.commits = commits;
    return this;
  }

  override async record(facts: readonly Fact[]): Promise<readonly FactVerdict[]> {
    const span = trace
      .getTracer('minutebook')
      .startSpan(
        'record facts',
        { attributes: { 'minutebook.facts': facts.length } },
        contextOfRequest(),
      );
    try {
      const verdicts = await super.record(facts);
      this.tell(span, verdicts);
      return verdicts;
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }

  private tell(span: Span, verdicts: readonly FactVerdict[]): void {
    let [recorded, last] = [0, 0];
    for (const verdict of verdicts) {
      if (verdict.status !== 'recorded') continue;
      recorded += 1;
      last = Math.max(last, verdict.position);
    }
    span.setAttribute('minutebook.recorded', recorded);
    if (recorded > 0) this.commits?.recorded(last, span.spanContext());
  }
}

/**
 * Makes a span of an append that has just ended, in the trace of the request for which it was begun. Other requests may
 * share the append.
 */
export function traceAppend({ position, events, seconds }: AppendEnd): void {
  const end = Date.now();
  const span = trace.getTracer('minutebook').startSpan(
    'append',
    {
      startTime: end - seconds * 1_000,
      attributes: { 'minutebook.position': position, 'minutebook.events': events },
    },
    contextOfRequest(),
  );
  span.end(end);
}
