import Ajv from 'ajv/dist/2020';

import { freePort } from '../../test/support/free-port';
import { StoreError } from '../event-store/errors';
import { componentsOf } from '../http/openapi/components';
import { READINESS } from '../operations/health.schemas';
import { onceReachable } from './starting';

describe('a service whose store cannot be reached yet', () => {
  it('says that it is not ready, as the API describes it', async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/health/ready`;
    let tries = 0;
    let answer: Response | undefined;
    const work = async () => {
      tries += 1;
      if (tries === 1) throw new StoreError('unavailable', 'It cannot be reached.');
      answer = await fetch(url);
    };
    await onceReachable(work, 10_000, { host: '127.0.0.1', port, tls: undefined }, () => undefined);
    expect(answer?.status).toBe(503);
    const schemas = componentsOf(READINESS);
    const validate = new Ajv({ strict: false, validateFormats: false }).compile({
      ...READINESS,
      components: { schemas },
    });
    const body: unknown = await answer?.json();
    expect(body).toMatchObject({ status: 'unavailable', read_model: null });
    expect([validate(body), validate.errors]).toEqual([true, null]);
  });

  it('waits as long as it may, even if the clock is set back meanwhile', async () => {
    const refuse = () => Promise.reject(new StoreError('unavailable', 'It cannot be reached.'));
    const address = { host: '127.0.0.1', port: await freePort(), tls: undefined };
    const clock = jest.spyOn(Date, 'now');
    let tries = 0;
    const work = () => {
      tries += 1;
      clock.mockReturnValue(Date.parse('2026-11-10T12:00:00Z') - tries * 3_600_000);
      return tries > 10 ? Promise.resolve('too late') : refuse();
    };
    try {
      await expect(onceReachable(work, 300, address, () => undefined)).rejects.toThrow(
        'It cannot be reached.',
      );
    } finally {
      clock.mockRestore();
    }
  });
});
