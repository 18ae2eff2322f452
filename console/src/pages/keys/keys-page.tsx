import { useState } from 'preact/hooks';

import { answerOf } from '../../api/answer';
import { allPages } from '../../api/all-pages';
import { api, type Schema } from '../../api/client';
import { useZone } from '../../api/person';
import { given } from '../../api/query';
import { useRead } from '../../api/use-read';
import { instant, words } from '../../format';
import { Act, Written } from '../../parts/act';
import { anew } from '../../parts/anew';
import { Chip } from '../../parts/chip';
import { Field, Select } from '../../parts/field';
import { PageHead, Panel } from '../../parts/panel';
import { CutOff, Shown } from '../../parts/state';
import { Table } from '../../parts/table';
import { readMoment } from '../../shell/as-of';
import { m, t, tx } from '../../i18n/language';

type Key = Schema<'Key'>;
const MOST = 5_000;

/** The API keys: makes and revokes them. */
export function KeysPage() {
  const zone = useZone();
  const read = useRead(['keys'], () =>
    allPages(
      (cursor) =>
        answerOf(api.GET('/v1/keys', { params: { query: given({ cursor, limit: 500 }) } })),
      MOST,
    ),
  );
  const { again } = read;
  return (
    <>
      <PageHead
        title={t('Keys')}
        under={t(
          'One key for each program and person. What finance writes carries the key’s name forever.',
        )}
        actions={<NewKeyButton onMade={again} />}
      />
      <Shown read={read}>
        {(keys) => (
          <Panel title={t('All keys')}>
            <Table
              label={t('Keys')}
              rows={[...keys.items].reverse()}
              keyOf={({ id }) => id}
              columns={[
                { head: t('Name'), cell: ({ name }) => <bdi>{name}</bdi> },
                { head: t('Role'), cell: ({ role }) => words(role) },
                {
                  head: t('Bound to'),
                  cell: ({ source, user_id: user }) => source ?? user ?? '–',
                  isMinor: true,
                },
                { head: t('Created'), cell: (key) => instant(key.created_at, zone), isMinor: true },
                {
                  head: t('Last used'),
                  cell: (key) => key.last_used_on ?? t('never'),
                  isMinor: true,
                },
                { head: t('State'), cell: (key) => <State of={key} /> },
                {
                  head: t('Revoke'),
                  cell: (key) =>
                    key.revoked_at === null ? <RevokeButton of={key} onRevoked={again} /> : '–',
                },
              ]}
            />
            <CutOff of={keys} />
          </Panel>
        )}
      </Shown>
    </>
  );
}

function State({ of: { revoked_at: revoked, expires_at: expires } }: { readonly of: Key }) {
  const zone = useZone();
  if (revoked !== null) return <Chip tone="bad">{t('revoked')}</Chip>;
  if (expires === null) return <Chip tone="good">{t('usable')}</Chip>;
  return Date.parse(expires) <= Date.now() ? (
    <Chip tone="bad">{t('expired')}</Chip>
  ) : (
    <Chip tone="good">{tx('until {0}', instant(expires, zone))}</Chip>
  );
}

/** By role, the field that binds a key to a part of the ledger, and how the page calls it. */
const BINDINGS: Readonly<
  Record<Key['role'], readonly [field: 'source' | 'user_id', label: string] | undefined>
> = {
  producer: ['source', m('Only sources that begin with')],
  reader: ['user_id', m('Only this user')],
  finance: undefined,
  admin: undefined,
};
const ROLES = Object.keys(BINDINGS) as Key['role'][];

const NewKeyButton = anew(function NewKeyButton({ onMade }: { readonly onMade: () => void }) {
  const [role, setRole] = useState<Key['role']>('reader');
  const [name, setName] = useState('');
  const [bound, setBound] = useState('');
  const [until, setUntil] = useState('');
  const binding = BINDINGS[role];
  const body: Schema<'KeyBody'> | undefined =
    name.trim() === ''
      ? undefined
      : {
          role,
          name: name.trim(),
          ...(binding === undefined || bound.trim() === '' ? {} : { [binding[0]]: bound.trim() }),
          ...(until.trim() === '' ? {} : { expires_at: readMoment(until) }),
        };
  return (
    <Act
      button={t('New key')}
      buttonKind="primary"
      title={t('Make a key')}
      confirm={t('Make the key')}
      body={body}
      hasKey={false}
      write={async (body) => {
        const made = await answerOf(api.POST('/v1/keys', { body }));
        onMade();
        return made;
      }}
      done={({ key, name }) => (
        <>
          <strong>{tx('The key of {0}, shown only this once:', <bdi>{name}</bdi>)}</strong>
          <pre tabIndex={0} class="secret">
            {key}
          </pre>
        </>
      )}
      review={(body) => (
        <Written
          rows={[
            [t('Role'), words(body.role)],
            [t('Name'), <bdi key="name">{body.name}</bdi>],
            [t('Bound to'), body.source ?? body.user_id ?? t('nothing')],
            [t('Until'), body.expires_at ?? t('it is revoked')],
          ]}
        />
      )}
      form={
        <>
          <Select
            label={t('Role')}
            value={role}
            onChange={(value) => setRole(value as Key['role'])}
            options={ROLES.map((name) => [name, words(name)] as const)}
          />
          <Field label={t('Name')} value={name} onInput={setName} required />
          {binding !== undefined && (
            <Field label={t(binding[1])} value={bound} onInput={setBound} placeholder={t('any')} />
          )}
          <Field
            label={t('Until')}
            value={until}
            onInput={setUntil}
            placeholder={t('it is revoked')}
            hint={t('A time in UTC: 2027-01-01')}
          />
        </>
      }
    />
  );
});

function RevokeButton({ of, onRevoked }: { readonly of: Key; readonly onRevoked: () => void }) {
  return (
    <Act
      button={t('Revoke')}
      buttonKind="small"
      title={t('Revoke a key')}
      confirm={t('Revoke it')}
      body={of.id}
      hasKey={false}
      write={async (id) => {
        await answerOf(api.DELETE('/v1/keys/{id}', { params: { path: { id } } }));
        onRevoked();
      }}
      done={() => <strong>{t('Revoked. Every instance refuses it within two seconds.')}</strong>}
      form={<p>{tx('Whatever uses {0} stops working.', <bdi>{of.name}</bdi>)}</p>}
      review={() => (
        <Written
          rows={[
            [t('Name'), <bdi key="name">{of.name}</bdi>],
            [t('Role'), words(of.role)],
            [t('Id'), of.id],
          ]}
        />
      )}
    />
  );
}
