import type { LogFacts } from '../domain/billing/usage-log';
import type { PersonalData } from '../domain/events/facts';
import { openPersonal } from '../domain/events/sealing';
import type { SealedText } from '../domain/session/attempts';
import type { Erased, PersonalSecrets } from '../personal/personal-keys';
import { logFacts } from './log-rows';
import type { UsageLogRow } from './rows';

/** Opens personal values whose keys exist. */
export type PersonalReader = PersonalSecrets & Erased;

/** A reader without keys: what is sealed stays sealed. */
export const NO_KEYS: PersonalReader = {
  secrets: () => Promise.resolve(new Map()),
  erasedAt: () => Promise.resolve(new Map()),
};

/**
 * Returns logs as people see them, in the order given. Keys are looked up now, so nothing personal is shown of a user
 * who was erased in the meantime, not even as of a position before the erasure.
 */
export async function revealed(
  rows: readonly UsageLogRow[],
  reader: PersonalReader,
): Promise<LogFacts[]> {
  if (rows.length === 0) return [];
  const logs = rows.map(logFacts);
  const erased = await reader.erasedAt([...new Set(rows.map((row) => row.user_id))]);
  const shown = logs.map((log) => {
    const isErased = log.erased || Number(log.position) < (erased.get(log.user_id) ?? 0);
    return isErased ? withoutPersonal(log) : log;
  });
  const wanted = new Set<string>();
  for (const { filename_in, metadata_in } of shown) {
    if (filename_in !== null) wanted.add(filename_in.key);
    if (metadata_in !== null) wanted.add(metadata_in.key);
  }
  if (wanted.size === 0) return shown;
  const secrets = await reader.secrets(wanted);
  return shown.map((log) => opened(log, secrets));
}

function withoutPersonal(log: LogFacts): LogFacts {
  const nothing = { original_filename: null, provider_metadata: null };
  return { ...log, ...nothing, filename_in: null, metadata_in: null, erased: true };
}

function opened(log: LogFacts, secrets: ReadonlyMap<string, Buffer>): LogFacts {
  const { filename_in, metadata_in, user_id } = log;
  if (filename_in === null && metadata_in === null) return log;
  const open = (text: SealedText | null): PersonalData => {
    const secret = text === null ? undefined : secrets.get(text.key);
    return secret === undefined ? {} : (openPersonal(text!, user_id, secret) ?? {});
  };
  const filename = open(filename_in);
  const metadata = metadata_in?.sealed === filename_in?.sealed ? filename : open(metadata_in);
  return {
    ...log,
    original_filename: log.original_filename ?? filename.original_filename ?? null,
    provider_metadata: log.provider_metadata ?? metadata.provider_metadata ?? null,
  };
}
