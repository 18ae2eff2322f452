import { useState } from 'preact/hooks';

import { answerOf } from '../../api/answer';
import { api } from '../../api/client';
import { once } from '../../api/write';
import { Act, Written } from '../../parts/act';
import { anew } from '../../parts/anew';
import { Field } from '../../parts/field';
import { t, tx } from '../../i18n/language';

/** Voids a session: its facts so far no longer count. */
export const VoidSessionButton = anew(function VoidSessionButton({
  id,
  user,
}: {
  readonly id: string;
  readonly user: string | null;
}) {
  const [reason, setReason] = useState('');
  return (
    <Act
      button={t('Void')}
      buttonKind="danger"
      title={t('Void a session')}
      confirm={t('Void the session')}
      body={reason.trim() === '' ? undefined : { reason: reason.trim() }}
      write={(body, key) =>
        answerOf(
          api.POST('/v1/sessions/{session_id}/void', {
            params: { path: { session_id: id }, header: once(key) },
            body,
          }),
        )
      }
      done={() => (
        <>
          {tx(
            '{0} Now have the correct facts sent under new event ids. A fact with an old id is refused.',
            <strong>{t('Voided.')}</strong>,
          )}
        </>
      )}
      review={(body) => (
        <>
          <p>
            {t(
              'All facts of this session so far stay in the ledger but no longer count. None of it is billed.',
            )}
          </p>
          <Written
            rows={[
              [t('Session'), <bdi key="session">{id}</bdi>],
              [t('User'), <bdi key="user">{user ?? '–'}</bdi>],
              [t('Reason'), <bdi key="reason">{body.reason}</bdi>],
            ]}
          />
        </>
      )}
      form={
        <Field
          label={t('Reason')}
          hint={t(
            'For a wrong user or a wrong outcome. If the session counts in a closed month, the void is refused: adjust the bill instead.',
          )}
          value={reason}
          onInput={setReason}
          required
        />
      }
    />
  );
});
