import { covers, ROLES } from './roles';

describe('roles', () => {
  it('are in order: one that covers another comes after it', () => {
    const pairs = ROLES.flatMap((held, at) =>
      ROLES.slice(at + 1)
        .filter((later) => covers([held], later))
        .map((later) => `${held} covers ${later}`),
    );
    expect(pairs).toEqual([]);
  });

  it('have names that keys can hold, and that logs recognize in keys', () => {
    expect(ROLES.filter((role) => !/^[a-z]+$/.test(role))).toEqual([]);
  });

  it('cover themselves', () => {
    expect(ROLES.filter((role) => !covers([role], role))).toEqual([]);
  });
});
