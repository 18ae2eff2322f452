import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { ZH_TW } from './zh-tw';

const SOURCES = join(__dirname, '..');

/** Returns a file's texts: the first argument of every `t`, `tx` and `m`. */
function textsIn(file: string): string[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(file, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
    ts.ScriptKind.TSX,
  );
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(t|tx|m)$/.test(node.expression.getText())) {
      const [first] = node.arguments;
      if (first !== undefined && ts.isStringLiteralLike(first)) texts.push(first.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !/\.spec\.ts$/.test(name))
  .map((name) => join(SOURCES, name));
const english = new Set(files.flatMap(textsIn));
const chinese = Object.keys(ZH_TW);

describe('the catalogue', () => {
  it('has every text of the console in Chinese, and nothing else', () => {
    expect(english.size).toBeGreaterThan(400);
    expect([...english].filter((text) => !chinese.includes(text))).toEqual([]);
    expect(chinese.filter((text) => !english.has(text))).toEqual([]);
  });

  it('calls the ledger by one word', () => {
    expect(Object.values(ZH_TW).filter((text) => text.includes('總帳'))).toEqual([]);
  });

  it('has the same parts in both languages, and no empty text', () => {
    const partsOf = (text: string) => [...new Set(text.match(/\{\d\}/g) ?? [])].sort();
    for (const [text, translated] of Object.entries(ZH_TW)) {
      expect([text, partsOf(translated)]).toEqual([text, partsOf(text)]);
      expect(translated).not.toBe('');
    }
  });
});
