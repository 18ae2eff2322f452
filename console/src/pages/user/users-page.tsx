import { useState } from 'preact/hooks';

import { answerOf } from '../../api/answer';
import { api } from '../../api/client';
import { periodOr, useIsFinance, usePerson } from '../../api/person';
import { given } from '../../api/query';
import { useRead } from '../../api/use-read';
import { month, monthsFrom } from '../../format';
import { Field } from '../../parts/field';
import { PageHead, Panel } from '../../parts/panel';
import { Empty, Shown } from '../../parts/state';
import { hrefTo, useRoute } from '../../route';
import { TopUsers } from '../period/top-users';

/** The way to a user. */
export function UsersPage() {
  const isFinance = useIsFinance();
  const [id, setId] = useState('');
  const go = (event: Event) => {
    event.preventDefault();
    if (id.trim() !== '') location.hash = hrefTo(['users', id.trim()]);
  };
  return (
    <>
      <PageHead
        title="Users"
        under="The ledger knows usage, not accounts: any id can be looked at."
      />
      <Panel title="Open a user">
        <form class="panel-body" onSubmit={go}>
          <div class="form-row">
            <Field label="User id" value={id} onInput={setId} required />
            <button class="button primary" type="submit">
              Open
            </button>
          </div>
        </form>
      </Panel>
      {isFinance && <Top />}
    </>
  );
}

function Top() {
  const person = usePerson();
  const { period: asked, asOf: as_of } = useRoute();
  const period = periodOr(asked, person);
  const read = useRead(['top', period], async () => {
    const reportOf = (of: string) =>
      answerOf(api.GET('/v1/reports/usage', { params: { query: given({ period: of, as_of }) } }));
    const [now, was] = await Promise.all([reportOf(period), reportOf(monthsFrom(period, -1))]);
    return { now, was };
  });
  return (
    <Shown read={read}>
      {({ now, was }) => {
        const currencies = [...new Set(now.top_users.map(({ currency }) => currency))];
        if (currencies.length === 0) return <Empty>Nobody used anything in {month(period)}.</Empty>;
        return currencies.map((currency) => (
          <TopUsers key={currency} report={now} was={was} currency={currency} />
        ));
      }}
    </Shown>
  );
}
