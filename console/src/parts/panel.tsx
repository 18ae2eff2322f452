import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface PanelProps {
  readonly title: string;
  readonly note?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly kind?: string;
}

/** A section of a page with its own heading. */
export function Panel({ title, note, actions, children, kind = '' }: PanelProps) {
  const id = useId();
  return (
    <section class={`panel ${kind}`} aria-labelledby={id}>
      <header class="panel-head">
        <h2 id={id}>{title}</h2>
        {note !== undefined && <span class="quiet">{note}</span>}
        {actions !== undefined && <span class="panel-actions">{actions}</span>}
      </header>
      {children}
    </section>
  );
}

/** The head of a page: its title, and its actions. */
export function PageHead({
  title,
  under,
  actions,
}: {
  readonly title: ComponentChildren;
  readonly under?: ComponentChildren;
  readonly actions?: ComponentChildren;
}) {
  return (
    <header class="page-head">
      <div class="page-title">
        <h1>{title}</h1>
        {under !== undefined && <p class="quiet">{under}</p>}
      </div>
      {actions !== undefined && <div class="page-actions">{actions}</div>}
    </header>
  );
}
