import { fillLedger, NOW } from './audited';
import { completed, TestService } from './service';
import type { Lines } from './tampering';

/** Bundles of one ledger that contains everything a bundle can hold, and the ledger's key. */
export interface RichBundles {
  /** Of everything: no event is left out. */
  readonly all: Lines;
  /** Of October, which is closed. */
  readonly october: Lines;
  readonly key: string;
}

/** Adds a second currency with tiers and a flat amount, and a plan with included minutes. */
async function addEuros(service: TestService): Promise<void> {
  const tiers = [
    { up_to_minutes: '10', amount: '0.05', flat_amount: '1.5' },
    { up_to_minutes: null, amount: '0.03', flat_amount: '2' },
  ];
  const card = { currency: 'EUR', effective_from: '2026-01-01T00:00:00Z', rounding: 'half_even' };
  const prices = { default: { amount: '0.02' }, deepgram: { tier_mode: 'volume', tiers } };
  await service.write('POST', '/v1/rate-cards', { ...card, prices });
  await service.write('PUT', '/v1/plans/some', { included_minutes: '2.5' });
  await service.write('PUT', '/v1/users/dora/plan', { plan: 'some', currency: 'EUR' });
  for (const [at, duration_seconds] of [333.25, 601, 12].entries()) {
    const usage = { session_id: `d-${at}`, user_id: 'dora', stt_provider: 'deepgram' };
    const time = new Date(NOW + at * 60_000).toISOString();
    await service.one(completed({ ...usage, duration_seconds }, { time }));
  }
}

/** Makes a ledger over HTTP, and bundles of it. */
export async function richBundles(): Promise<RichBundles> {
  const service = await TestService.start({ now: () => NOW });
  try {
    await fillLedger(service);
    await addEuros(service);
    await service.caughtUp();
    const { body } = await service.get<{ verifier_keys: string[]; size: number }>('/v1/audit/root');
    const bundle = async (query: string): Promise<Lines> => {
      const response = await service.fetch(`/v1/audit/bundle?${query}`);
      return (await response.text()).trimEnd().split('\n');
    };
    const at = `at_least=${body.size}`;
    return {
      all: await bundle(at),
      october: await bundle(`${at}&period=2026-10`),
      key: body.verifier_keys[0]!,
    };
  } finally {
    await service.close();
  }
}
