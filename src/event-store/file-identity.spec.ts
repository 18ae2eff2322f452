import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isSameFile, realPathOf } from './file-identity';

const newFolder = () => realpathSync(mkdtempSync(join(tmpdir(), 'minutebook-')));

describe('the identity of a file', () => {
  it('is the same through a symbolic link to it, to its folder, or to another link', () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'a/events.db'), '');
    symlinkSync('a', join(folder, 'b'));
    symlinkSync('b/events.db', join(folder, 'c.db'));
    for (const name of ['b/events.db', 'c.db', 'a/../a/events.db']) {
      expect(realPathOf(join(folder, name))).toBe(join(folder, 'a/events.db'));
      expect(isSameFile(join(folder, name), join(folder, 'a/events.db'))).toBe(true);
    }
  });

  it('is the same for a file that does not exist yet', () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'a'));
    symlinkSync(join(folder, 'a/not-there/events.db'), join(folder, 'events.db'));
    expect(realPathOf(join(folder, 'events.db'))).toBe(join(folder, 'a/not-there/events.db'));
    expect(realPathOf(join(folder, 'x/y.db'))).toBe(join(folder, 'x/y.db'));
    expect(isSameFile(join(folder, 'x.db'), join(folder, 'y.db'))).toBe(false);
  });

  it('is the same for two hard links', () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'one'), '');
    linkSync(join(folder, 'one'), join(folder, 'two'));
    writeFileSync(join(folder, 'three'), '');
    expect(isSameFile(join(folder, 'one'), join(folder, 'two'))).toBe(true);
    expect(isSameFile(join(folder, 'one'), join(folder, 'three'))).toBe(false);
  });

  it('fails on links that lead in a circle', () => {
    const folder = newFolder();
    symlinkSync('b', join(folder, 'a'));
    symlinkSync('a', join(folder, 'b'));
    expect(() => realPathOf(join(folder, 'a'))).toThrow(/ELOOP/);
    expect(isSameFile(join(folder, 'a'), join(folder, 'c'))).toBe(false);
  });
});
