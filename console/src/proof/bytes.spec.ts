import { readIn } from '../i18n/language';
import { fromBase64, fromHex, toHex } from './bytes';

afterEach(() => readIn('en'));

it('only the canonical spelling of bytes is read', () => {
  expect(toHex(fromHex('00ff'))).toBe('00ff');
  expect(toHex(fromBase64('AP8=', 'The root'))).toBe('00ff');
  expect(() => fromHex('00FF')).toThrow('A hash is not lower-case hex.');
  expect(() => fromBase64('*', 'The root')).toThrow('The root is not base64.');
  expect(() => fromBase64('AP9=', 'The root')).toThrow('The root is not canonical base64.');
});

it('what is wrong is said in the language that the console is read in', () => {
  readIn('zh-TW');
  expect(() => fromHex('00FF')).toThrow('雜湊不是小寫十六進位。');
  expect(() => fromBase64('*', '根')).toThrow('根不是 base64。');
  expect(() => fromBase64('AP9=', '根')).toThrow('根不是標準寫法的 base64。');
});
