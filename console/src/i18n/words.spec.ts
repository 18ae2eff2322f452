import { CARD_WORDS } from '../../../src/domain/rating/card-fields';
import { ROLES } from '../../../src/security/roles';
import { WORDS } from './words';

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

  it('have every role', () => {
    expect(ROLES.filter((role) => !WORDS.has(role))).toEqual([]);
  });
});
