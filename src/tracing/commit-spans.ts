import { ROOT_CONTEXT, trace, type SpanContext } from '@opentelemetry/api';

/** How many requests may wait for the commit of their rows, and how many of them one commit links to. */
const MOST_PENDING = 10_000;
const MOST_LINKS = 64;

interface Pending {
  readonly position: number;
  readonly span: SpanContext;
  /** When the facts were durable, in milliseconds since 1970. */
  readonly since: number;
}

/**
 * Makes spans of the projection's commits. The projection runs on its own thread and knows no requests, so the position
 * connects the two.
 */
export class CommitSpans {
  private pending: Pending[] = [];
  private lastCommit = 0;
  private readonly tracer = trace.getTracer('minutebook');

  /** @param now milliseconds since 1970. */
  constructor(private readonly now: () => number = Date.now) {}

  /**
   * Notes that a request's facts are durable up to a position. If too many requests are pending, this one gets no span.
   */
  recorded(position: number, span: SpanContext): void {
    if (this.pending.length >= MOST_PENDING) return;
    this.pending.push({ position, span, since: this.now() });
  }

  /**
   * Notes that rows are committed up to a position. Makes a span in the trace of the first request whose facts are in
   * those rows, with links to the other requests.
   */
  committed(position: number): void {
    const at = this.now();
    const begun = this.lastCommit;
    this.lastCommit = at;
    if (this.pending.length === 0) return;
    const done = this.pending.filter((one) => one.position <= position);
    const [first, ...others] = done;
    if (first === undefined) return;
    this.pending = this.pending.filter((one) => one.position > position);
    const span = this.tracer.startSpan(
      'commit rows',
      {
        // The commit began when the facts were durable, or when the previous commit ended.
        startTime: Math.min(at, Math.max(first.since, begun)),
        links: others.slice(0, MOST_LINKS).map((one) => ({ context: one.span })),
        attributes: { 'minutebook.position': position, 'minutebook.requests': done.length },
      },
      trace.setSpanContext(ROOT_CONTEXT, first.span),
    );
    span.end(at);
  }
}
