import { checkFact } from './fact';

const EVENT = {
  version: 2,
  source: 'worker/eu-1',
  id: 'rec-1|1|completed',
  time: '2026-10-05T10:01:33.000Z',
  data: { session_id: 'rec-1', user_id: 'ann', duration_seconds: '90.25', attempt: 1 },
  personal: { key: 'u46', fields: ['provider_metadata'], sealed: 'ztac' },
};
const FACT = {
  type: 'transcription.session.completed',
  recorded_at: '2026-11-20T09:00:00.000Z',
  event: EVENT,
};
const leafOf = (change: object = {}) =>
  JSON.stringify({ stream: 'session-rec-1', ...FACT, ...change });

describe('a proved leaf', () => {
  it('is the fact that is shown, also if personal values of an erased user are left out', () => {
    const { personal: _, ...event } = EVENT;
    expect(() => checkFact(leafOf(), 'rec-1', FACT)).not.toThrow();
    expect(() => checkFact(leafOf(), 'rec-1', { ...FACT, event })).not.toThrow();
    expect(() => checkFact(leafOf({ event }), 'rec-1', { ...FACT, event })).not.toThrow();
  });

  it('is not that of another session', () => {
    expect(() => checkFact(leafOf({ stream: 'session-rec-12' }), 'rec-1', FACT)).toThrow(
      'not of this session, but of session-rec-12',
    );
    expect(() => checkFact(leafOf({ stream: 'account-rec-1' }), 'rec-1', FACT)).toThrow('account');
  });

  it.each<[string, object]>([
    ['another type', { type: 'transcription.session.failed' }],
    ['another time', { recorded_at: '2026-11-21T09:00:00.000Z' }],
    ['another duration', { event: { ...EVENT, data: { ...EVENT.data, duration_seconds: '46' } } }],
    ['one more value', { event: { ...EVENT, data: { ...EVENT.data, channels: 2 } } }],
    ['other personal values', { event: { ...EVENT, personal: { ...EVENT.personal, key: 'u1' } } }],
    ['no event', { event: null }],
  ])('is not a fact that is shown with %s', (_, change) => {
    expect(() => checkFact(leafOf(), 'rec-1', { ...FACT, ...change })).toThrow(
      'not the proved one',
    );
  });

  it.each(['', 'null', '[]', '{"stream":1}'])('is an event: %j is not', (text) => {
    expect(() => checkFact(text, 'rec-1', FACT)).toThrow('not an event');
  });
});
