import { BillingFold } from '../../src/projections/billing-fold';
import { completed, TestService } from '../support/service';

describe('the service, when its read model stands still', () => {
  it('stops soon, even while a reconciliation waits for the read model', async () => {
    const service = await TestService.start();
    const fold = jest.spyOn(BillingFold.prototype, 'fold').mockRejectedValue(new Error('broken'));
    try {
      expect((await service.one(completed())).status).toBe(201);
      const list = JSON.stringify({ provider: 'google', period: '2026-10', lines: [] });
      const asked = await service.post('/v1/audit/reconciliations', 'application/json', list);
      expect(asked.status).toBe(202);
      const began = performance.now();
      await service.close();
      expect(performance.now() - began).toBeLessThan(20_000);
    } finally {
      fold.mockRestore();
    }
  }, 120_000);
});
