import type { Fact, FactKind } from '../events/facts';
import { contentDigest, personalDigest } from '../events/stored';
import { decide, emptySession, evolve, evolveVoided } from './session';

let number = 0;
function fact(kind: FactKind, data: Partial<Fact['data']> = {}, more: Partial<Fact> = {}): Fact {
  number += 1;
  return {
    kind,
    source: 'worker',
    id: `id-${number}`,
    time: 1_000,
    data: { session_id: 's', user_id: 'ann', attempt: 1, ...data },
    personal: {},
    ...more,
  };
}

type Given = readonly (Fact | 'voided')[];

/** Returns the verdict on the next fact of a session that has the given facts. */
function told(given: Given, when: Fact): string {
  const state = emptySession();
  for (const one of given) {
    if (one === 'voided') evolveVoided(state);
    else
      evolve(state, one, {
        digest: contentDigest(one),
        personal: personalDigest(one.personal),
        position: 1,
      });
  }
  const verdict = decide(state, when);
  return verdict.status === 'rejected' ? verdict.refusal.code : verdict.status;
}

describe("the verdict on a session's next fact", () => {
  const done = fact('completed');

  it.each<[then: string, says: string, given: Given, when: Fact]>([
    ['record', 'the first fact', [], done],
    ['record', 'a completed without a started fact', [], fact('completed', { attempt: 3 })],
    ['record', 'attempt 2 before attempt 1', [fact('completed', { attempt: 2 })], done],
    ['record', 'a started after its completed fact', [done], fact('started')],
    ['duplicate', 'the same fact again', [done], done],
    [
      'duplicate',
      'the same content with other extension attributes',
      [done],
      { ...done, personal: { extensions: { traceparent: 'x' } } },
    ],
    ['event_id_reused', 'another time under the same id', [done], { ...done, time: 2_000 }],
    [
      'event_id_reused',
      'another user under the same id: the id is checked first',
      [done],
      { ...done, data: { ...done.data, user_id: 'bob' } },
    ],
    ['session_user_mismatch', 'another user', [done], fact('started', { user_id: 'bob' })],
    [
      'session_user_mismatch',
      'another user with a second outcome: the user is checked first',
      [done],
      fact('failed', { user_id: 'bob' }),
    ],
    ['attempt_already_settled', 'a failed after a completed', [done], fact('failed')],
    ['attempt_already_settled', 'a second completed', [done], fact('completed')],
    ['fact_voided', 'a voided fact again', [done, 'voided'], done],
    [
      'event_id_reused',
      'a voided id with other content',
      [done, 'voided'],
      { ...done, time: 2_000 },
    ],
    [
      'record',
      'another user after a void',
      [done, 'voided'],
      fact('completed', { user_id: 'bob' }),
    ],
    ['record', 'another outcome after a void', [done, 'voided'], fact('failed')],
    [
      'session_user_mismatch',
      'the old user, after a void and a fact of another user',
      [done, 'voided', fact('started', { user_id: 'bob' })],
      fact('completed'),
    ],
  ])('%s: %s', (then, _, given, when) => {
    expect(told(given, when)).toBe(then);
  });
});
