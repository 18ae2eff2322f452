import { t } from '../../i18n/language';

interface Month {
  readonly totals: readonly { readonly currency: string }[];
}

/**
 * Says which users a month's top users are. The service chooses twenty by their cents, over all currencies, so in a
 * ledger with several the list for one of them is not that currency's first twenty.
 */
export function topNote(month: Month, before: Month, currency: string): string {
  return [month, before].some(({ totals }) => totals.length > 1)
    ? t(
        'Of the twenty highest bills in all currencies, compared by their numbers alone, those in {0}. The month before is shown for those who were among its twenty highest.',
        currency,
      )
    : t(
        'The twenty users who pay most. The month before is shown for those who were among its top twenty.',
      );
}
