import { useState } from 'preact/hooks';

import { answerOf } from '../../api/answer';
import { api } from '../../api/client';
import { once } from '../../api/write';
import { Act, Written } from '../../parts/act';
import { Field } from '../../parts/field';

/** Makes a session’s facts so far count no more. */
export function VoidSessionButton({
  id,
  user,
}: {
  readonly id: string;
  readonly user: string | null;
}) {
  const [reason, setReason] = useState('');
  return (
    <Act
      button="Void"
      buttonKind="danger"
      title="Void a session"
      confirm="Void the session"
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
          <strong>Voided.</strong> Now have the true facts sent, under new event ids: one with an
          old id is refused.
        </>
      )}
      review={(body) => (
        <>
          <p>
            All facts of this session so far stay in the ledger and count no more. Nothing of it is
            billed.
          </p>
          <Written
            rows={[
              ['Session', <bdi key="session">{id}</bdi>],
              ['User', <bdi key="user">{user ?? '–'}</bdi>],
              ['Reason', <bdi key="reason">{body.reason}</bdi>],
            ]}
          />
        </>
      )}
      form={
        <Field
          label="Reason"
          hint="For a wrong user or a wrong outcome. In a closed month it is refused: adjust the bill instead."
          value={reason}
          onInput={setReason}
          required
        />
      }
    />
  );
}
