import { useEffect, useState } from 'preact/hooks';

import { decimal } from '../../format';
import { Field } from '../../parts/field';
import { t, tx } from '../../i18n/language';
import type { Mistake, ThoughtOf, Tried } from './try-card';

interface CardTrialProps {
  readonly draft: unknown;
  /** The provider that the form begins with. */
  readonly provider: string;
}

/** Shows what a session would cost under the draft, while the person types. */
export function CardTrial({ draft, provider }: CardTrialProps) {
  const [session, setSession] = useState<ThoughtOf>({
    provider,
    seconds: '90',
    channels: '1',
    speakers: '',
    confidence: '',
    minutesBefore: '',
  });
  const [tryCard, setTry] = useState<typeof import('./try-card').tryCard>();
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    import('./try-card').then(
      (loaded) => setTry(() => loaded.tryCard),
      // A new version of the service no longer has the file.
      () => setFailed(true),
    );
  }, []);
  const fieldOf = (name: keyof ThoughtOf, label: string, placeholder = '') => (
    <Field
      label={label}
      value={session[name]}
      onInput={(value) => setSession({ ...session, [name]: value.trim() })}
      placeholder={placeholder}
    />
  );
  return (
    <fieldset class="card-trial">
      <legend>{t('What would a session cost?')}</legend>
      <div class="form-row">
        {fieldOf('provider', t('Provider'))}
        {fieldOf('seconds', t('Seconds'))}
        {fieldOf('channels', t('Channels'))}
        {fieldOf('speakers', t('Speakers'), t('unknown'))}
        {fieldOf('confidence', t('Confidence'), t('unknown'))}
        {fieldOf('minutesBefore', t('Minutes before, this month'), '0')}
      </div>
      <output>
        {tryCard !== undefined && <Answer tried={tryCard(draft, session)} />}
        {hasFailed && (
          <p class="fault">{t('The calculator could not be loaded. Reload the page.')}</p>
        )}
      </output>
    </fieldset>
  );
}

function Answer({ tried }: { readonly tried: Tried | Mistake }) {
  if ('detail' in tried) {
    return (
      <p class="fault">
        {tried.pointer !== undefined && <code>{tried.pointer}</code>} {t(tried.detail)}
      </p>
    );
  }
  const { currency, entry, billedSeconds, parts, perSeconds, flat, factor, cost } = tried;
  return (
    <p>
      {tx(
        'This session would cost {0}: {1} s at the price {2}.',
        <strong class="figure">
          {currency} {decimal(cost)}
        </strong>,
        decimal(billedSeconds),
        <code>{entry}</code>,
      )}{' '}
      <span class="quiet">
        {parts
          .map(({ seconds, amount }) =>
            t('{0} s × {1} per {2} s', decimal(seconds), decimal(amount), decimal(perSeconds)),
          )
          .join(' + ')}
        {factor !== '1' && ` × ${decimal(factor)}`}
        {flat !== '0' && ` + ${decimal(flat)}`}
      </span>
    </p>
  );
}
