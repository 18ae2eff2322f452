import { useState } from 'preact/hooks';

import { readVerifierKey } from '../proof/note';
import { Field } from './field';
import { t, tx } from '../i18n/language';

interface PinKeyProps {
  readonly pinned: string;
  /** The verifier keys that the service itself names. */
  readonly offered: readonly string[];
  readonly onPin: (key: string) => void;
}

/**
 * Shows or pins the key that proofs are checked with. The service can offer one, but only a person can know if it is
 * right.
 */
export function PinKey({ pinned, offered, onPin }: PinKeyProps) {
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<string>();
  if (pinned !== '') {
    return (
      <p class="pinned">
        <span class="quiet">{t('Checked with the key that you pinned in this browser:')}</span>{' '}
        <code>{pinned}</code>{' '}
        <button class="link" type="button" onClick={() => onPin('')}>
          {t('Unpin')}
        </button>
      </p>
    );
  }
  const pin = async (event: Event) => {
    event.preventDefault();
    try {
      await readVerifierKey(text);
      onPin(text.trim());
    } catch (error) {
      setWrong((error as Error).message);
    }
  };
  return (
    <form class="form" onSubmit={(event) => void pin(event)}>
      <p>
        {t(
          'Paste the ledger’s verifier key that you got some other way: in a letter, a contract, on a web page. A key that comes with the data proves nothing.',
        )}
      </p>
      <div class="form-row grow">
        <Field
          label={t('Verifier key')}
          value={text}
          onInput={setText}
          placeholder="name+0123abcd+AbCd…"
          required
        />
        <button class="button primary" type="submit">
          {t('Pin it')}
        </button>
      </div>
      {wrong !== undefined && (
        <p class="notice bad" role="alert">
          {wrong}
        </p>
      )}
      {offered[0] !== undefined && (
        <details>
          <summary>{t('I have none. What does the service say?')}</summary>
          <p>
            <code>{offered[0]}</code>
          </p>
          <p>
            {tx(
              'Pin this one only if it is the key you were given, or to notice if it changes from now on. {0}',
              <button class="link" type="button" onClick={() => setText(offered[0]!)}>
                {t('Use it')}
              </button>,
            )}
          </p>
        </details>
      )}
    </form>
  );
}
