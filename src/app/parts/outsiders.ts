import { setTimeout } from 'node:timers/promises';

import type { Config } from '../../config/config';
import { CheckpointFolder } from '../../proofs/published/checkpoint-folder';
import type { LedgerSigner } from '../../proofs/signed-root/ledger-signer';
import type { KeptRoot, RootArchive } from '../../proofs/signed-root/root-archive';
import type { WitnessStanding } from '../../proofs/witnesses/witness-asker';
import { Witnesses } from '../../proofs/witnesses/witnesses';
import type { ReadModel } from '../../read-model/queries';
import { borderOf } from '../../webhooks/outgoing';

/** How long a bundle waits for witnesses, and the pause between its checks, in milliseconds. */
const COVER_MS = 5_000;
const COVER_LOOK_MS = 20;

export interface OutsidersParts {
  readonly choice: Config['outsiders'];
  readonly archive: RootArchive;
  readonly signer: LedgerSigner;
  /** Signs the root of the first `size` events; resolves to the note. */
  readonly sign: (size: number) => Promise<string>;
  readonly readModel: ReadModel;
  /** Whether this instance is the one that signs. */
  readonly signs: () => boolean;
  readonly warn: (message: string) => void;
}

/** Publishes signed roots beyond the operator: to readers of a folder, and to witnesses. */
export interface Outsiders {
  readonly witnesses: readonly WitnessStanding[];
  /**
   * Publishes what an earlier run left unpublished. Call it only when the read model contains everything that was
   * signed: proofs are made from its rows.
   */
  start(): void;
  /** Publishes a root that was signed and kept. Returns immediately. */
  kept(root: KeptRoot, pinned: boolean): void;
  /** Has witnesses cosign the first `size` events, before a bundle of them is handed out. Waits at most 5 seconds. */
  cover(size: number): Promise<void>;
  close(): Promise<void>;
}

export function openOutsiders(parts: OutsidersParts): Outsiders {
  const { choice, archive, signer, sign, readModel, signs, warn } = parts;
  const folder =
    choice.folder === undefined
      ? undefined
      : new CheckpointFolder(choice.folder, signer, archive, warn);
  const witnesses = new Witnesses(choice.witnesses, {
    border: borderOf(choice.allowPrivate),
    archive,
    readModel,
    signs,
    cosigned: (root) => folder?.publish(root, false),
    warn,
  });
  const kept = (root: KeptRoot, pinned: boolean) => {
    folder?.publish(root, pinned);
    // Another instance may have stored the root of a close and ended before it published it.
    if (pinned) folder?.addMissing();
    witnesses.kept(root);
  };
  return {
    get witnesses() {
      return witnesses.standings;
    },
    start: () => {
      witnesses.start();
      // Instances that share the folder would replace each other's newest root by an older one.
      if (signs()) folder?.addMissing();
    },
    kept,
    cover: async (size) => {
      if (witnesses.hasSettled(size) || !signs()) return;
      const root = { size, note: await sign(size) };
      await archive.keep(root, false);
      kept(root, false);
      const until = performance.now() + COVER_MS;
      while (!witnesses.hasSettled(size) && performance.now() < until)
        await setTimeout(COVER_LOOK_MS);
    },
    close: async () => {
      await witnesses.close();
      await folder?.close();
    },
  };
}
