import { useZone } from '../../api/person';
import { instant } from '../../format';
import { Panel } from '../../parts/panel';
import { Empty } from '../../parts/state';
import type { Log } from './log-page';

/** The card and the plan that were in force. */
export function Terms({ log }: { readonly log: Log }) {
  const zone = useZone();
  const { rate_card: card, plan } = log.explanation;
  return (
    <Panel title="The terms" note="In force when the transcription completed.">
      {card === null ? (
        <Empty>No rate card was needed: what is not billable needs no price.</Empty>
      ) : (
        <details class="panel-body">
          <summary>
            Rate card <code>{card.rate_card_id}</code>, {card.currency}, from{' '}
            {instant(card.effective_from, zone)}
          </summary>
          <pre tabIndex={0}>{JSON.stringify(card, undefined, 2)}</pre>
        </details>
      )}
      {plan !== null && (
        <details class="panel-body">
          <summary>
            Plan <strong>{plan.plan}</strong>
          </summary>
          <pre tabIndex={0}>{JSON.stringify(plan, undefined, 2)}</pre>
        </details>
      )}
    </Panel>
  );
}
