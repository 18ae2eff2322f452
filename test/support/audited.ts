import { completed, type TestService } from './service';

/** November 20: October is over. */
export const NOW = Date.parse('2026-11-20T00:00:00Z');

/**
 * Fills a service's ledger with what bundles must get right: two users, time tiers, a retry after a failure, a void, an
 * adjustment, personal fields, a close, and after it some usage, a failure and a fee. Then all of it is projected.
 */
export async function fillLedger(service: TestService): Promise<void> {
  const sent = async (events: readonly unknown[]) => {
    const { body } = await service.batch(events);
    const refused = body.results.filter((one) => one.status !== 'recorded');
    if (refused.length > 0) throw new Error(JSON.stringify(refused));
  };
  const written = async (...[method, path, body]: Parameters<TestService['write']>) => {
    const answer = await service.write(method, path, body);
    if (answer.status > 201) throw new Error(JSON.stringify(answer.body));
  };
  const usage = (session_id: string, user_id: string, time: string, more: object = {}) =>
    completed({ session_id, user_id, duration_seconds: 91, ...more }, { time });
  const personal = {
    original_filename: 'my interview with ann.mp3',
    provider_metadata: { note: 'private' },
  };
  await written('PUT', '/v1/users/bob/plan', { plan: 'pro' });
  await sent([
    usage('a-1', 'ann', '2026-10-05T10:00:00Z', personal),
    usage('a-2', 'ann', '2026-10-06T10:00:00Z', { speaker_count: 4, confidence_score: 0.5 }),
    usage('b-1', 'bob', '2026-10-06T11:00:00Z', { stt_provider: 'assemblyai' }),
    usage('a-wrong', 'ann', '2026-10-07T11:00:00Z'),
    {
      ...completed({}, { type: 'transcription.session.failed', time: '2026-10-08T10:00:00Z' }),
      data: { session_id: 'a-3', user_id: 'ann', stt_provider: 'google', error_code: 'timeout' },
    },
    usage('a-3', 'ann', '2026-10-08T10:05:00Z', { attempt: 2 }),
    ...Array.from({ length: 40 }, (_, at) =>
      usage(`c-${at}`, 'carol', `2026-09-${String(1 + (at % 28)).padStart(2, '0')}T08:00:00Z`),
    ),
  ]);
  await written('POST', '/v1/sessions/a-wrong/void', { reason: 'the wrong user' });
  await sent([usage('a-wrong', 'bob', '2026-10-07T11:00:00Z')]);
  await written('POST', '/v1/adjustments', {
    user_id: 'ann',
    period: '2026-10',
    amount_cents: -1,
    reason: 'goodwill',
  });
  await written('POST', '/v1/billing-periods/2026-10/close', {});
  await sent([
    usage('a-late', 'ann', '2026-10-30T10:00:00Z'),
    usage('b-2', 'bob', '2026-11-02T10:00:00Z'),
    usage('a-waits', 'ann', '2026-11-03T10:00:00Z', { attempt: 2 }),
  ]);
  await written('POST', '/v1/adjustments', {
    user_id: 'bob',
    period: '2026-11',
    amount_cents: 250,
    reason: 'a fee',
  });
  await service.caughtUp();
}
