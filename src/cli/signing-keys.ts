import { LedgerSigner } from '../proofs/signed-root/ledger-signer';
import type { Config } from '../config/config';
import { printInstant } from '../domain/time';
import { openVault } from '../app/open-vault';
import { readConfigured } from './configured';
import { ledgerIdOf } from './ledger-id';

/** A signing key, as the command shows it. */
interface ShownKey {
  readonly verifier_key: string;
  readonly created_at: string;
  /** Whether this key signs now. */
  readonly signs: boolean;
}

/** What the command prints with `--json`. */
interface SigningKeysShown {
  readonly ledger_id: string;
  /** Newest first. */
  readonly keys: readonly ShownKey[];
  /** The notes in which each key names the next, oldest first. */
  readonly handovers: readonly string[];
}

/** Shows the keys that sign the ledger's roots, or makes a new one, whether or not a service is running. */
export async function runSigningKeys(
  action: 'list' | 'rotate',
  { json }: { readonly json: boolean },
): Promise<void> {
  const config = readConfigured();
  const shown = await withKeys(config, action === 'rotate');
  if (json) console.log(JSON.stringify(shown));
  else print(shown, action === 'rotate');
}

async function withKeys(config: Config, rotate: boolean): Promise<SigningKeysShown> {
  const ledgerId = await ledgerIdOf(config);
  const vault = await openVault(config, ledgerId);
  try {
    const now = Date.now();
    // Also creates the first key, if the ledger never had one.
    const before = await vault.signingKeys.all(now);
    if (rotate) await vault.signingKeys.rotate(Math.max(now, before[0].createdAt));
    const signer = await LedgerSigner.of(ledgerId, vault.signingKeys, now, vault.roots);
    const keys = (await vault.signingKeys.all(now)).map(({ createdAt }, at) => ({
      verifier_key: signer.verifierKeys[at]!,
      created_at: printInstant(createdAt),
      signs: at === 0,
    }));
    return { ledger_id: ledgerId, keys, handovers: signer.handovers };
  } finally {
    await vault.close();
  }
}

function print({ keys, handovers }: SigningKeysShown, rotated: boolean): void {
  for (const { verifier_key, created_at, signs } of keys) {
    console.log(`${created_at}  ${verifier_key}${signs ? '  signs' : ''}`);
  }
  if (!rotated) return;
  console.log(
    `\nThe first of them signs from now on; a running service uses it for its next root. The previous key names it in this note, which is in checkpoints/ and in every bundle from now on:\n\n${handovers.at(-1) ?? ''}`,
  );
  console.log(
    'Back up keys.db. Was the old key stolen? Then its word is worth nothing: give the new key to your auditors yourself.',
  );
}
