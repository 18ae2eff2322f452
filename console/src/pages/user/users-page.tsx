import { useState } from 'preact/hooks';

import { answerOf } from '../../api/answer';
import { api } from '../../api/client';
import { useHead } from '../../api/head';
import { useIsFinance } from '../../api/person';
import { given } from '../../api/query';
import { useLines } from '../../api/use-lines';
import { month } from '../../format';
import { Field } from '../../parts/field';
import { LongTable } from '../../parts/long-table';
import { PageHead, Panel } from '../../parts/panel';
import { change, hrefTo, useRoute } from '../../route';
import { t } from '../../i18n/language';

/** Finance lists and searches all users; a reader opens one by its id. */
export function UsersPage() {
  const isFinance = useIsFinance();
  const { query } = useRoute();
  const asked = query.get('search') ?? '';
  const [id, setId] = useState(asked);
  const go = (event: Event) => {
    event.preventDefault();
    if (isFinance) change({ search: id.trim() === '' ? undefined : id.trim() });
    else if (id.trim() !== '') location.hash = hrefTo(['users', id.trim()]);
  };
  return (
    <>
      <PageHead
        title={t('Users')}
        under={t('The ledger knows usage, not accounts, so you can open any id.')}
      />
      <Panel title={isFinance ? t('Find users') : t('Open a user')}>
        <form class="panel-body" onSubmit={go}>
          <div class="form-row">
            <Field
              label={isFinance ? t('Any part of the id') : t('User id')}
              value={id}
              onInput={setId}
              required={!isFinance}
            />
            <button class="button primary" type="submit">
              {isFinance ? t('Find') : t('Open a user')}
            </button>
          </div>
        </form>
      </Panel>
      {isFinance && <All search={asked} />}
    </>
  );
}

function All({ search }: { readonly search: string }) {
  const { asOf: as_of } = useRoute();
  const { position } = useHead();
  const lines = useLines(
    ['users', search, as_of],
    (cursor) =>
      answerOf(
        api.GET('/v1/users', { params: { query: given({ search, as_of, cursor, limit: 100 }) } }),
      ),
    as_of ?? position,
  );
  return (
    <Panel
      title={t('All users with usage')}
      note={search === '' ? t('By id') : t('With “{0}” in the id', search)}
    >
      <LongTable
        label={t('Users')}
        lines={lines}
        total={undefined}
        empty={search === '' ? t('There is no usage yet.') : t('No id contains this.')}
        columns={[
          {
            head: t('User'),
            width: 'minmax(10rem, 2fr)',
            narrow: 'name',
            cell: (one) => (
              <a href={hrefTo(['users', one.user_id])} title={one.user_id}>
                <bdi>{one.user_id}</bdi>
              </a>
            ),
          },
          {
            head: t('Plan'),
            width: 'minmax(6rem, 1fr)',
            narrow: 'under-name',
            cell: (one) => one.plan,
          },
          { head: t('Currency'), width: 'minmax(5rem, 0.6fr)', cell: (one) => one.currency },
          {
            head: t('First month'),
            width: 'minmax(8rem, 1fr)',
            cell: (one) => month(one.first_period, 'short'),
          },
          {
            head: t('Last month'),
            width: 'minmax(8rem, 1fr)',
            narrow: 'amount',
            cell: (one) => month(one.last_period, 'short'),
          },
        ]}
      />
    </Panel>
  );
}
