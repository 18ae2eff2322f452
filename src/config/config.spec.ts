import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readConfig } from './config';

const CARD_WITH_MARK = join(__dirname, '../../test/fixtures/card-bom.json');

describe('files that the configuration names', () => {
  let folder: string;
  const file = (content: string | Buffer) => {
    const path = join(folder, 'file.json');
    writeFileSync(path, content);
    return path;
  };
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'minutebook-config-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('may begin with a byte order mark', () => {
    const { opening } = readConfig({ RATE_CARD_FILE: CARD_WITH_MARK }, 0);
    expect(opening.rateCards).toMatchObject([
      { currency: 'TWD', prices: { default: { amount: '0.03' } } },
    ]);
    const plans = file('\ufeff{"free":{"minutes":"7"}}');
    expect(readConfig({ PLANS_FILE: plans }, 0).opening.plans).toMatchObject({
      free: { minutes: '7' },
    });
  });

  it.each([
    ['RATE_CARD_FILE', Buffer.from('{"currency":"TWD","prices":{"caf\u00e9":{}}}', 'latin1')],
    ['PLANS_FILE', Buffer.from('{"free":{"export_formats":["caf\u00e9"]}}', 'latin1')],
  ])('are refused rather than decoded with losses: %s', (name, content) => {
    expect(() => readConfig({ [name]: file(content) }, 0)).toThrow(
      new RegExp(`${name}: .*file\\.json is not UTF-8`),
    );
  });

  it.each([
    ['RATE_CARD_FILE', '{"currency":"TWD","prices":{"default":{"amount":1e400}}}', 'amount'],
    [
      'RATE_CARD_FILE',
      '{"currency":"TWD","prices":{"default":{"amount":"1","extra_increments":1e400}}}',
      'extra_increments',
    ],
    ['PLANS_FILE', '{"free":{"minutes":1e400}}', 'minutes'],
    ['PLANS_FILE', '{"free":{"sessions":1e400}}', 'sessions'],
    ['PLANS_FILE', '{"free":{"sessions":9007199254740993}}', 'sessions'],
  ])(
    "are refused if they hold a number that JavaScript can't represent: %s",
    (name, content, field) => {
      expect(() => readConfig({ [name]: file(content) }, 0)).toThrow(
        new RegExp(`${name} \\(.*file\\.json\\): \\S*/${field}: `),
      );
    },
  );
});

describe('BILLING_TIME_ZONE', () => {
  it.each([
    ['utc', 'UTC'],
    ['ASIA/taipei', 'Asia/Taipei'],
    ['Asia/Calcutta', 'Asia/Calcutta'],
    ['US/Pacific', 'US/Pacific'],
  ])('is spelt as IANA does, and an alias stays one: %s', (given, read) => {
    expect(readConfig({ BILLING_TIME_ZONE: given }, 0).billingTimeZone).toBe(read);
  });

  it.each(['Mars/Olympus', '+08:00', 'UTC+8'])('must be a zone: %p', (given) => {
    expect(() => readConfig({ BILLING_TIME_ZONE: given }, 0)).toThrow('must be an IANA name');
  });
});
