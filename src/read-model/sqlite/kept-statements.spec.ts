import Database from 'better-sqlite3';

import { KeptStatements } from './kept-statements';

describe('the statements of a connection', () => {
  const database = new Database(':memory:');
  database.exec("CREATE TABLE words (word TEXT); INSERT INTO words VALUES ('one'), ('two')");
  afterAll(() => database.close());

  it('are prepared once for each text', () => {
    const statements = new KeptStatements(database);
    const select = 'SELECT word FROM words WHERE word = ?';
    expect(statements.prepare(select)).toBe(statements.prepare(select));
    expect(statements.prepare(select).all('two')).toEqual([{ word: 'two' }]);
    expect(statements.prepare('SELECT 1')).not.toBe(statements.prepare(select));
  });

  it('can be run while the same text is being iterated over', () => {
    const statements = new KeptStatements(database);
    const seen: unknown[] = [];
    for (const row of statements.prepare('SELECT word FROM words').iterate()) {
      seen.push(row, ...statements.prepare('SELECT word FROM words').all());
    }
    expect(seen).toHaveLength(6);
  });

  it('see a table with its new columns after it was altered', () => {
    const statements = new KeptStatements(database);
    statements.prepare('SELECT * FROM words').all();
    database.exec('ALTER TABLE words ADD COLUMN length INTEGER');
    expect(statements.prepare('SELECT * FROM words').all()[0]).toEqual({
      word: 'one',
      length: null,
    });
  });
});
