import type { ComponentChildren } from 'preact';

import { Chip, type Tone } from '../../parts/chip';
import { words } from '../../i18n/words';

interface StepProps {
  readonly title: string;
  readonly tone: Tone;
  readonly state: string;
  readonly children: ComponentChildren;
}

/** A step to a closed month: what it is about, how it stands, and what it means. */
export function Step({ title, tone, state, children }: StepProps) {
  return (
    <li class="panel walk-step">
      <h2>
        {title} {state !== '' && <Chip tone={tone}>{words(state)}</Chip>}
      </h2>
      <div>{children}</div>
    </li>
  );
}
