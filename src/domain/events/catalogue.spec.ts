import { CATALOGUE } from './catalogue';
import type { PersonalField } from './facts';

/** The compiler asks for a name here that `PersonalData` has, and refuses one that it lacks. */
const PERSONAL = {
  original_filename: true,
  provider_metadata: true,
  error_message: true,
  requested_by: true,
  extensions: false,
} satisfies Record<PersonalField, boolean>;

describe('the catalogue of events', () => {
  it('marks the fields that hold personal values: what is not marked is stored in the clear', () => {
    const marked = Object.values(CATALOGUE).flatMap(({ fields }) =>
      fields.filter(([, field]) => field.personal === true).map(([name]) => name),
    );
    // Extension attributes have any name, so they are no fields.
    const named = Object.entries(PERSONAL).filter(([, isField]) => isField);
    expect([...new Set(marked)].sort()).toEqual(named.map(([name]) => name).sort());
  });
});
