import type { ComponentChildren } from 'preact';

import type { Refused } from '../api/answer';
import type { Read } from '../api/use-read';
import { count } from '../format';
import { useRoute } from '../route';
import { m, t } from '../i18n/language';

/** Shows a page's data once it is read; until then that it is loading, or why it failed. */
export function Shown<Data>({
  read,
  wait,
  children,
}: {
  readonly read: Read<Data>;
  /** Says why reading may take long. */
  readonly wait?: string;
  readonly children: (data: Data) => ComponentChildren;
}) {
  const { asOf } = useRoute();
  if (read.data !== undefined) {
    return (
      <>
        {read.error !== undefined && <Problem refused={read.error} onAgain={read.again} />}
        {children(read.data)}
      </>
    );
  }
  if (read.error !== undefined) return <Problem refused={read.error} onAgain={read.again} />;
  return <Loading wait={wait ?? (asOf === undefined ? undefined : PAST)} />;
}

export const PAST = m(
  'The first look at a moment reads the whole ledger up to it. That can take a while.',
);

export function Loading({ wait }: { readonly wait: string | undefined }) {
  return (
    <div class="loading" role="status">
      <span class="unseen">{t('Loading')}</span>
      <i />
      <i />
      <i />
      {wait !== undefined && <p class="quiet loading-wait">{t(wait)}</p>}
    </div>
  );
}

const TITLES: Readonly<Record<number, string>> = {
  0: m('No connection'),
  401: m('The key no longer works'),
  403: m('Not for this key'),
  404: m('Not found'),
  503: m('Not ready yet'),
};

/** A refusal in the service's own words, which say what to do. */
export function Problem({
  refused,
  onAgain,
}: {
  readonly refused: Refused;
  readonly onAgain?: () => void;
}) {
  return (
    <div class="notice bad" role="alert">
      <strong>{t(TITLES[refused.status] ?? m('That did not work'))}</strong>
      <p>
        {refused.detail} {refused.status > 0 && <code class="quiet">{refused.code}</code>}
      </p>
      {onAgain !== undefined && (
        <button class="button small" type="button" onClick={onAgain}>
          {t('Try again')}
        </button>
      )}
    </div>
  );
}

/** Says if a list is cut off, and after how many. */
export function CutOff({
  of: { items, isWhole },
}: {
  readonly of: { readonly items: readonly unknown[]; readonly isWhole: boolean };
}) {
  if (isWhole) return null;
  return <p class="notice warn">{t('Only the first {0} are listed.', count(items.length))}</p>;
}

/** Says why there is nothing to show. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}
