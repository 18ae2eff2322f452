import { count } from '../format';

interface JobProgressProps {
  readonly status: string;
  readonly progress: {
    readonly phase: string;
    readonly size: number;
    readonly of?: number;
    readonly events_per_second: number;
    readonly seconds_left: number | null;
  } | null;
}

/** How far a long-running piece of work is. */
export function JobProgress({ status, progress }: JobProgressProps) {
  if (status === 'done' || status === 'failed') return null;
  if (progress === null)
    return <p role="status">{status === 'queued' ? 'Waiting for its turn…' : 'Beginning…'}</p>;
  const { phase, size, of, events_per_second: speed, seconds_left: left } = progress;
  return (
    <div class="job">
      <progress aria-label={phase} max={of ?? 1} {...(of === undefined ? {} : { value: size })} />
      <p class="quiet figure" role="status">
        {phase}: {count(size)}
        {of === undefined ? '' : ` of ${count(of)}`} events, {count(Math.round(speed))} a second
        {left === null ? '' : `, ${count(Math.ceil(left))} s left`}
      </p>
    </div>
  );
}
