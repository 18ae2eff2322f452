import { count, words } from '../format';
import { t, tx } from '../i18n/language';

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

/** Shows how far a long-running job has got. */
export function JobProgress({ status, progress }: JobProgressProps) {
  if (status === 'done' || status === 'failed') return null;
  if (progress === null)
    return <p role="status">{status === 'queued' ? t('Waiting for its turn…') : t('Starting…')}</p>;
  const { size, of, events_per_second: speed, seconds_left: left } = progress;
  const phase = words(progress.phase);
  return (
    <div class="job">
      <progress aria-label={phase} max={of ?? 1} {...(of === undefined ? {} : { value: size })} />
      <p class="quiet figure" role="status">
        {tx(
          '{0}: {1}, {2} a second{3}',
          phase,
          of === undefined
            ? t('{0} {0|event|events}', count(size))
            : t('{0} of {1} {1|event|events}', count(size), count(of)),
          count(Math.round(speed)),
          left === null ? '' : t(', {0} s left', count(Math.ceil(left))),
        )}
      </p>
    </div>
  );
}
