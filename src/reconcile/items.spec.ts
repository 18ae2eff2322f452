import { ReconciliationItems } from './items';

describe('the items of a reconciliation', () => {
  it('are gone once they are closed, also for a download that has begun', async () => {
    const items = new ReconciliationItems('/nowhere/work.db');
    items.close();
    expect(() => items.page(undefined, 0, 1)).toThrow('This reconciliation is gone.');
    await expect(items.all(undefined).next()).rejects.toMatchObject({ code: 'not_found' });
  });
});
