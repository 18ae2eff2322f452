import { useEffect, useState } from 'preact/hooks';

const NARROW = '(max-width: 40rem)';

/** Whether the screen is as narrow as a phone's held upright. */
export function useIsNarrow(): boolean {
  const [isNarrow, set] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const media = matchMedia(NARROW);
    const look = () => set(media.matches);
    media.addEventListener('change', look);
    return () => media.removeEventListener('change', look);
  }, []);
  return isNarrow;
}
