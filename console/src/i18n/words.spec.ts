import { CARD_WORDS } from '../../../src/domain/rating/card-fields';
import { BILLING_REASONS } from '../../../src/domain/rating/classify';
import { TRANSCRIPTION_TYPES } from '../../../src/domain/session/attempts';
import { ATTEMPT_STATUSES } from '../../../src/read-model/views';
import { ROLES } from '../../../src/security/roles';
import { WORDS } from './words';
import { ZH_TW } from './zh-tw';

/** The fields of a rate card whose words pages show translated. */
const SHOWN = ['rounding', 'increment_rounding', 'tier_mode', 'channels'] as const;
/** The fields whose words stand in JSON only. */
const IN_JSON = ['retry_after_failure'];

describe('the words of the API', () => {
  it('have every word of a rate card that pages translate', () => {
    expect([...SHOWN, ...IN_JSON].sort()).toEqual(Object.keys(CARD_WORDS).sort());
    const words = SHOWN.flatMap((field): readonly string[] => CARD_WORDS[field]);
    expect(words.filter((word) => !WORDS.has(word.replaceAll('_', ' ')))).toEqual([]);
  });

  it.each([
    ['billing reason', BILLING_REASONS],
    ['type of an attempt', TRANSCRIPTION_TYPES],
    ['status of an attempt', ATTEMPT_STATUSES],
  ])('have every %s, in both languages', (_, names: readonly string[]) => {
    const words = names.map((name) => name.replaceAll('_', ' '));
    expect(words.filter((word) => !WORDS.has(word) || ZH_TW[word] === undefined)).toEqual([]);
  });

  it('have every role', () => {
    expect(ROLES.filter((role) => !WORDS.has(role))).toEqual([]);
  });
});
