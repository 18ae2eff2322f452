import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isClientError, Producer } from '../../clients/typescript/src/index.js';
import { Entitlements, Reader } from '../../clients/typescript/src/reader/index.js';

const URL = 'http://127.0.0.1:9';
const PRODUCER = 'url, key, source, spool, maxSpoolBytes, timeoutMs, exitFlushMs';

describe('options of the TypeScript client, as plain JavaScript gives them', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'minutebook-options-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const producerWith = (options: object) => () =>
    new Producer({ url: URL, source: 'a', spool: join(folder, 'spool'), ...options });
  const readerWith = (options: object) => () => new Reader({ url: URL, ...options });
  const entitlementsWith = (options: object) => () =>
    new Entitlements(new Reader({ url: URL }), options as never);

  it.each([
    ['timeout', 'timeoutMs', producerWith],
    ['apiKey', 'key', producerWith],
    ['max_spool_bytes', 'maxSpoolBytes', producerWith],
    ['onRefuse', 'onRefused', producerWith],
    ['sorce', 'source', producerWith],
    ['Url', 'url', readerWith],
    ['retriesMs', 'retryMs', readerWith],
    ['whenUnkown', 'whenUnknown', entitlementsWith],
    ['cacheMS', 'cacheMs', entitlementsWith],
  ])('%s is refused, and leads to %s', (name, meant, made) => {
    const error = thrownBy(made({ [name]: 'secret' }));
    expect(isClientError(error, 'invalid_option')).toBe(true);
    expect(String(error)).toContain(`${name} is not an option of`);
    expect(String(error)).toContain(`Do you mean ${meant}?`);
    expect(String(error)).not.toContain('secret');
  });

  it('that are like none are refused with the list of those that there are', () => {
    const error = thrownBy(producerWith({ compression: true }));
    expect(String(error)).toContain(`compression is not an option of Producer. It has ${PRODUCER}`);
    expect(existsSync(join(folder, 'spool'))).toBe(false);
  });

  it('must be there', () => {
    for (const make of [
      () => new Producer(undefined as never),
      () => new Reader('http://127.0.0.1:9' as never),
      () => new Entitlements(new Reader({ url: URL }), undefined as never),
    ]) {
      expect(isClientError(thrownBy(make), 'invalid_option')).toBe(true);
    }
  });

  it('of a fact are refused, too: a misspelt time would be the time of the call', async () => {
    const producer = producerWith({ exitFlushMs: 0 })();
    const fact = { session_id: 's', user_id: 'ann', stt_provider: 'google', duration_seconds: 1 };
    const told = producer.completed(fact, { at: '2026-10-05T10:00:00Z' } as never);
    await expect(told).rejects.toThrow(
      'at is not an option of completed. It has time, id, extensions.',
    );
    await producer.close(0);
  });
});

function thrownBy(make: () => unknown): unknown {
  try {
    make();
  } catch (error) {
    return error;
  }
  return undefined;
}
