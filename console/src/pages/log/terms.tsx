import { useZone } from '../../api/person';
import { instant } from '../../format';
import { Panel } from '../../parts/panel';
import { Empty } from '../../parts/state';
import type { Log } from './log-page';
import { t, tx } from '../../i18n/language';

/** The card and the plan that were in force. */
export function Terms({ log }: { readonly log: Log }) {
  const zone = useZone();
  const { rate_card: card, plan } = log.explanation;
  return (
    <Panel title={t('The terms')} note={t('In force when the transcription completed.')}>
      {card === null ? (
        <Empty>{t('No rate card was needed: usage that is not billable needs no price.')}</Empty>
      ) : (
        <details class="panel-body">
          <summary>
            {tx(
              'Rate card {0}, {1}, from {2}',
              <code>{card.rate_card_id}</code>,
              card.currency,
              instant(card.effective_from, zone),
            )}
          </summary>
          <pre tabIndex={0}>{JSON.stringify(card, undefined, 2)}</pre>
        </details>
      )}
      {plan !== null && (
        <details class="panel-body">
          <summary>{tx('Plan {0}', <strong>{plan.plan}</strong>)}</summary>
          <pre tabIndex={0}>{JSON.stringify(plan, undefined, 2)}</pre>
        </details>
      )}
    </Panel>
  );
}
