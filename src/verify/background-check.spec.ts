import { setTimeout as sleep } from 'node:timers/promises';

import { BackgroundCheck, type BackgroundCheckParts } from './background-check';
import type { VerifyResult } from './verify';

const SOUND = { faults: 0, items: [], events: 7 } as unknown as VerifyResult;
const BROKEN = {
  ...SOUND,
  faults: 2,
  items: [{ kind: 'changed' }, { kind: 'changed' }],
} as unknown as VerifyResult;

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    if (tries > 500) throw new Error('It never became true.');
    await sleep(10);
  }
}

describe('the background check', () => {
  const alarms: VerifyResult[] = [];
  const reported: unknown[] = [];
  let check: BackgroundCheck;

  const begin = (parts: Partial<BackgroundCheckParts>) => {
    check = new BackgroundCheck({
      share: 1,
      pass: () => Promise.resolve(SOUND),
      isOnDuty: () => true,
      canBegin: () => true,
      alarm: (found) => Promise.resolve(void alarms.push(found)),
      now: () => 5,
      report: (error) => void reported.push(error),
      ...parts,
    });
    check.start();
  };
  beforeEach(() => {
    alarms.length = 0;
    reported.length = 0;
  });
  afterEach(() => check.close());

  it('checks the ledger again and again, and reports what it finds', async () => {
    const results = [SOUND, BROKEN, SOUND];
    begin({ pass: () => Promise.resolve(results.shift() ?? SOUND) });
    await until(() => check.status().passes === 1);
    expect(check.status()).toMatchObject({ faults: 0, events: 7, finishedAt: 5 });
    await until(() => check.status().passes === 2);
    expect(check.status()).toMatchObject({ faults: 2, kinds: ['changed'] });
    expect(alarms).toEqual([BROKEN]);
    await until(() => check.status().passes === 3);
    expect(check.status()).toMatchObject({ faults: 0, kinds: [] });
  });

  it('runs only on the instance on duty, and stops when another takes over', async () => {
    let isOnDuty = false;
    let passes = 0;
    let left: unknown;
    begin({
      isOnDuty: () => isOnDuty,
      pass: (signal) => {
        passes += 1;
        return new Promise((_, reject) =>
          signal.addEventListener('abort', () => {
            left = signal.reason;
            reject(signal.reason as Error);
          }),
        );
      },
    });
    await sleep(1_700);
    expect(passes).toBe(0);
    isOnDuty = true;
    await until(() => passes === 1);
    expect(check.status().state).toBe('running');
    isOnDuty = false;
    await until(() => left !== undefined);
    await until(() => check.status().state === 'waiting');
    expect([reported, alarms]).toEqual([[], []]);
  });

  it('waits until there is a signed root', async () => {
    let signed = false;
    let passes = 0;
    begin({ canBegin: () => signed, pass: () => Promise.resolve(((passes += 1), SOUND)) });
    await sleep(1_000);
    expect(passes).toBe(0);
    signed = true;
    await until(() => passes > 0);
  });

  it('treats a pass that fails as trouble, not as a fault, and keeps the earlier findings', async () => {
    let passes = 0;
    begin({
      pass: () =>
        (passes += 1) === 1
          ? Promise.resolve(BROKEN)
          : Promise.reject(new Error('The store is away.')),
    });
    await until(() => check.status().trouble !== undefined);
    expect(check.status()).toMatchObject({
      faults: 2,
      trouble: 'The store is away.',
      state: 'waiting',
    });
    expect(reported).toEqual([new Error('The store is away.')]);
    expect(alarms).toHaveLength(1);
  });

  it('does nothing with a share of 0', async () => {
    begin({ share: 0, pass: () => Promise.reject(new Error('It ran.')) });
    await sleep(50);
    expect(check.status()).toMatchObject({ state: 'off', passes: 0 });
  });
});
