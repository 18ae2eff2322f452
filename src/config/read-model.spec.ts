import { describeReadModel, readReadModel } from './read-model';

function read(value: string | undefined) {
  const mistakes: string[] = [];
  const get = (name: string) => (name === 'READ_MODEL_URL' ? value : undefined);
  return { choice: readReadModel('READ_MODEL_URL', get, '/data', mistakes), mistakes };
}

describe('READ_MODEL_URL', () => {
  it('is a file in the data folder by default', () => {
    const { choice, mistakes } = read(undefined);
    expect({ choice, mistakes }).toEqual({
      choice: { kind: 'sqlite', path: '/data/read-models.db' },
      mistakes: [],
    });
  });

  it.each(['postgres://ann:secret@db:5432/books', 'postgresql://ann:secret@db:5432/books'])(
    'names a PostgreSQL: %s',
    (connectionString) => {
      const { choice, mistakes } = read(connectionString);
      expect({ choice, mistakes }).toEqual({
        choice: { kind: 'postgres', connectionString },
        mistakes: [],
      });
      expect(describeReadModel(choice)).toBe('PostgreSQL at db:5432/books');
    },
  );

  it.each([
    ['no address', 'postgres://ann:secret@:x/', /must be the address/],
    [
      'options of its own',
      'postgres://ann:secret@db/books?options=-c%20x=y',
      /parameter options: remove/,
    ],
    ['a name of its own', 'postgres://ann:secret@db/books?application_name=a', /application_name/],
    ['another scheme', 'mysql://ann:secret@db/books', /./],
  ])('with %s is a mistake, and its value is not quoted', (_, value, says) => {
    const { mistakes } = read(value);
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toMatch(says);
    expect(mistakes[0]).not.toContain('secret');
  });
});
