import { useEffect } from 'preact/hooks';

import { api } from './client';
import { noteHead, noteUnreachable } from './head';

const EVERY_MS = 1_000;

/** Looks once a second how far the answers are, while the tab can be seen. That moves the pages on. */
export function usePulse(): void {
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout>;
    const beat = async () => {
      if (!document.hidden) await look();
      if (!stopped) timer = setTimeout(() => void beat(), EVERY_MS);
    };
    void beat();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, []);
}

async function look(): Promise<void> {
  try {
    // A service that is not ready says how far it is, too.
    const { data, error } = await api.GET('/health/ready');
    const answer = data ?? error;
    // While it starts, it knows no position.
    if (!('read_model' in answer) || answer.read_model === null) return noteUnreachable();
    const { read_model: model } = answer;
    noteHead(model.position, model.behind ?? 0);
  } catch {
    noteUnreachable();
  }
}
