import { useState } from 'preact/hooks';

import { Refused } from '../../api/answer';
import type { Schema } from '../../api/client';
import { credential } from '../../api/credential';
import { refusedOf } from '../../api/use-read';
import { t } from '../../i18n/language';

interface DownloadProps {
  /** The path of the request, with its query. */
  readonly path: string;
  readonly name: string;
  readonly text: string;
}

/**
 * Downloads a file from the service. A plain link would not carry the key, so the page fetches the file and saves it.
 */
export function DownloadButton({ path, name, text }: DownloadProps) {
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused>();
  const load = async () => {
    setBusy(true);
    setRefused(undefined);
    try {
      await download(path, name);
    } catch (error) {
      // The person cancelled the save dialog.
      if (!(error instanceof DOMException && error.name === 'AbortError'))
        setRefused(refusedOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <span class="download">
      <button class="button" type="button" disabled={isBusy} onClick={() => void load()}>
        {isBusy ? t('Downloading…') : text}
      </button>
      {refused !== undefined && (
        <span class="notice bad" role="alert">
          {refused.detail}
        </span>
      )}
    </span>
  );
}

interface Place {
  readonly createWritable: () => Promise<WritableStream<Uint8Array>>;
  /** Deletes the file. Not every browser can. */
  readonly remove?: () => Promise<void>;
}

interface Picker {
  showSaveFilePicker?: (options: { suggestedName: string }) => Promise<Place>;
}

/** Streams the file to disk if the browser can, so that its size does not matter. */
async function download(path: string, name: string): Promise<void> {
  const { showSaveFilePicker: pick } = globalThis as Picker;
  const place = await pick?.({ suggestedName: name });
  if (place === undefined) return saveWhole(await fetched(path), name);
  try {
    const body = (await fetched(path)).body!;
    await body.pipeTo(await place.createWritable());
  } catch (error) {
    // The browser has made an empty file, or emptied the one that was there. It would pass for the month's.
    await place.remove?.().catch(() => undefined);
    throw error;
  }
}

async function fetched(path: string): Promise<Response> {
  const response = await fetch(path, { headers: { authorization: `Bearer ${credential()}` } });
  if (!response.ok || response.body === null) throw await problemOf(response);
  return response;
}

async function saveWhole(response: Response, name: string): Promise<void> {
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

async function problemOf(response: Response): Promise<Refused> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Schema<'Problem'>>;
  return new Refused(
    response.status,
    problem.code ?? 'unknown',
    problem.detail ?? t('The service answered {0}.', response.status),
  );
}
