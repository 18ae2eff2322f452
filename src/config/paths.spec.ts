import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { ConfigError, readConfig } from './config';
import { isSameStore, readEventStore } from './event-store';

const folder = mkdtempSync(join(tmpdir(), 'minutebook-'));
writeFileSync(join(folder, 'a-file'), '');

function read(environment: Record<string, string>) {
  try {
    return readConfig({ DATA_DIR: join(folder, 'data'), ...environment }, 0);
  } catch (error) {
    return (error as ConfigError).mistakes;
  }
}

describe('a file of the configuration', () => {
  it.each([
    ['/x/y.db', '/x/y.db'],
    ['x/y.db', resolve('x/y.db')],
    ['./a:b.db', resolve('a:b.db')],
    ['file:///x/y.db', '/x/y.db'],
    ['FILE:///x/y.db', '/x/y.db'],
    ['file://localhost/x/y.db', '/x/y.db'],
    ['file:/x/y.db', '/x/y.db'],
    ['file:///x/a%20b%25.db', '/x/a b%.db'],
    ['/x/100%.db', '/x/100%.db'],
  ])('named %s is %s', (value, path) => {
    expect(read({ EVENT_STORE_URL: value, READ_MODEL_URL: `${value}2` })).toMatchObject({
      eventStore: { kind: 'sqlite', path },
      readModel: { kind: 'sqlite', path: `${path}2` },
    });
  });

  it.each([
    ['another machine', 'file://server/share/x.db', /names another machine/],
    ['a relative address', 'file:rel.db', /without a complete path/],
    ['nothing but the scheme', 'file://', /without a complete path/],
    ['two slashes too many', 'file:////server/x.db', /without a complete path/],
    ['memory', ':memory:', /lost when the process ends/],
    ['a % that encodes nothing', 'file:///var/tmp/100%.db', /%25/],
    ['a query', 'file:///x.db?mode=memory', /%3F/],
    ['an encoded zero', 'file:///x%00.db', /control character/],
    ['a folder', folder, /that is a folder/],
    ['a file in a file', join(folder, 'a-file/x.db'), /a-file is a file, so nothing/],
    ['another scheme', 'sqlite:///x.db', /is a sqlite:\/\/ address/],
    ['another scheme without slashes', 'sqlite:x.db', /is a sqlite: address/],
    ['a scheme with a password', 'mysql://ann:secret@db/books', /is a mysql:\/\/ address/],
    ['the scheme of KurrentDB', 'kurrentdb://ann:secret@db', /Write esdb:\/\//],
  ])('as %s is a mistake that names the variable', (_, value, says) => {
    for (const name of ['EVENT_STORE_URL', 'READ_MODEL_URL']) {
      const mistakes = read({ [name]: value });
      expect(mistakes).toEqual([expect.stringMatching(says)]);
      expect(mistakes).toEqual([expect.stringMatching(new RegExp(`^${name} `))]);
      expect(mistakes).toEqual([expect.not.stringContaining('secret')]);
    }
  });

  it.each([
    ['a file', join(folder, 'a-file'), /which is a file: it must be a folder/],
    ['in a file', join(folder, 'a-file/data'), /a-file is a file, so nothing/],
    ['an address', 'file:///x', /must be the path of a folder/],
  ])('in a DATA_DIR that is %s is a mistake', (_, value, says) => {
    expect(read({ DATA_DIR: value })).toEqual([expect.stringMatching(says)]);
    expect(read({ DATA_DIR: value })).toEqual([expect.stringMatching(/^DATA_DIR is /)]);
  });

  it('must differ from the other files, whatever its path looks like', () => {
    const data = join(folder, 'data');
    mkdirSync(data);
    writeFileSync(join(data, 'keys.db'), '');
    symlinkSync(data, join(folder, 'link'));
    symlinkSync('read-models.db', join(data, 'events.db'));
    expect(read({})).toEqual([
      'EVENT_STORE_URL and READ_MODEL_URL name the same file: each needs its own.',
    ]);
    expect(
      read({ EVENT_STORE_URL: '/x.db', READ_MODEL_URL: join(folder, 'link/keys.db') }),
    ).toEqual(['READ_MODEL_URL and keys.db in DATA_DIR name the same file: each needs its own.']);
  });
});

describe('two choices of an event store', () => {
  const choice = (value: string, prefix = '') =>
    readEventStore('X', () => value, folder, prefix, []);

  it('are the same if they name one file', () => {
    writeFileSync(join(folder, 'one.db'), '');
    symlinkSync('one.db', join(folder, 'two.db'));
    const [one, two] = [choice(join(folder, 'one.db')), choice(join(folder, 'two.db'))];
    expect(isSameStore(one, two)).toBe(true);
    expect(isSameStore(one, choice(join(folder, 'three.db')))).toBe(false);
    expect(isSameStore(one, choice('esdb://one.db'))).toBe(false);
  });

  it('are the same if they name a server in common, and the same streams', () => {
    const one = choice('esdb://localhost?tls=false', 'a.');
    expect(isSameStore(one, choice('esdb://u:p@127.0.0.1:2113?tls=false', 'a.'))).toBe(true);
    expect(isSameStore(one, choice('esdb://127.0.0.1:2113?tls=false', 'b.'))).toBe(false);
  });
});
