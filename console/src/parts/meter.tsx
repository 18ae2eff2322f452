import { count, decimal } from '../format';
import { shareOf } from './share';
import { t } from '../i18n/language';

interface MeterProps {
  readonly label: string;
  readonly used: string | number;
  readonly limit: string | number | null;
}

/** Shows how much of a limit is used; without a limit, only the number. */
export function Meter({ label, used, limit }: MeterProps) {
  const text = (value: string | number) =>
    typeof value === 'number' ? count(value) : decimal(value);
  const share = limit === null ? 0 : shareOf(Number(used), Number(limit));
  const tone = share >= 1 ? 'bad' : share >= 0.8 ? 'warn' : '';
  return (
    <div class="meter">
      <span>{label}</span>
      <span class="figure">
        {text(used)}{' '}
        <span class="quiet">{limit === null ? t('no limit') : t('of {0}', text(limit))}</span>
      </span>
      {limit !== null && (
        <progress
          class={tone}
          aria-label={t('{0} used', label)}
          max={1}
          value={Math.min(1, share)}
        />
      )}
    </div>
  );
}
