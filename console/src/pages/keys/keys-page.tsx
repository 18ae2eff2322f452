import { useState } from 'preact/hooks';

import { answerOf } from '../../api/answer';
import { allPages } from '../../api/all-pages';
import { api, type Schema } from '../../api/client';
import { useZone } from '../../api/person';
import { given } from '../../api/query';
import { useRead } from '../../api/use-read';
import { instant } from '../../format';
import { Act, Written } from '../../parts/act';
import { Chip } from '../../parts/chip';
import { Field, Select } from '../../parts/field';
import { PageHead, Panel } from '../../parts/panel';
import { Shown } from '../../parts/state';
import { Table } from '../../parts/table';
import { readMoment } from '../../shell/as-of';

type Key = Schema<'Key'>;
const MOST = 5_000;

/** Who may come in. */
export function KeysPage() {
  const zone = useZone();
  const [turn, setTurn] = useState(0);
  const read = useRead(['keys', turn], async () => {
    const { items } = await allPages(
      (cursor) =>
        answerOf(api.GET('/v1/keys', { params: { query: given({ cursor, limit: 500 }) } })),
      MOST,
    );
    return items;
  });
  const again = () => setTurn((was) => was + 1);
  return (
    <>
      <PageHead
        title="Keys"
        under="One for each program and person: the name is what finance’s writes carry for ever."
        actions={<NewKeyButton onMade={again} />}
      />
      <Shown read={read}>
        {(keys) => (
          <Panel title="All keys">
            <Table
              label="Keys"
              rows={[...keys].reverse()}
              keyOf={({ id }) => id}
              columns={[
                { head: 'Name', cell: ({ name }) => <bdi>{name}</bdi> },
                { head: 'Role', cell: ({ role }) => role },
                {
                  head: 'Bound to',
                  cell: ({ source, user_id: user }) => source ?? user ?? '–',
                  isMinor: true,
                },
                { head: 'Made', cell: (key) => instant(key.created_at, zone), isMinor: true },
                { head: 'Last used', cell: (key) => key.last_used_on ?? 'never', isMinor: true },
                { head: 'State', cell: (key) => <State of={key} /> },
                {
                  head: 'Revoke',
                  cell: (key) =>
                    key.revoked_at === null ? <RevokeButton of={key} onRevoked={again} /> : '–',
                },
              ]}
            />
          </Panel>
        )}
      </Shown>
    </>
  );
}

function State({ of: { revoked_at: revoked, expires_at: expires } }: { readonly of: Key }) {
  const zone = useZone();
  if (revoked !== null) return <Chip tone="bad">revoked</Chip>;
  if (expires === null) return <Chip tone="good">usable</Chip>;
  return Date.parse(expires) <= Date.now() ? (
    <Chip tone="bad">expired</Chip>
  ) : (
    <Chip tone="good">until {instant(expires, zone)}</Chip>
  );
}

const ROLES = ['producer', 'reader', 'finance', 'admin'] as const;

function NewKeyButton({ onMade }: { readonly onMade: () => void }) {
  const [role, setRole] = useState<Key['role']>('reader');
  const [name, setName] = useState('');
  const [bound, setBound] = useState('');
  const [until, setUntil] = useState('');
  const binding =
    bound.trim() === ''
      ? {}
      : role === 'producer'
        ? { source: bound.trim() }
        : role === 'reader'
          ? { user_id: bound.trim() }
          : {};
  const body: Schema<'KeyBody'> | undefined =
    name.trim() === ''
      ? undefined
      : {
          role,
          name: name.trim(),
          ...binding,
          ...(until.trim() === '' ? {} : { expires_at: readMoment(until) }),
        };
  return (
    <Act
      button="New key"
      buttonKind="primary"
      title="Make a key"
      confirm="Make the key"
      body={body}
      write={async (body) => {
        const made = await answerOf(api.POST('/v1/keys', { body }));
        onMade();
        return made;
      }}
      done={({ key, name }) => (
        <>
          <strong>
            The key of <bdi>{name}</bdi>, shown this once:
          </strong>
          <pre tabIndex={0} class="secret">
            {key}
          </pre>
        </>
      )}
      review={(body) => (
        <Written
          rows={[
            ['Role', body.role],
            ['Name', <bdi key="name">{body.name}</bdi>],
            ['Bound to', body.source ?? body.user_id ?? 'nothing'],
            ['Until', body.expires_at ?? 'revoked'],
          ]}
        />
      )}
      form={
        <>
          <Select
            label="Role"
            value={role}
            onChange={(value) => setRole(value as Key['role'])}
            options={ROLES.map((name) => [name, name] as const)}
          />
          <Field label="Name" value={name} onInput={setName} required />
          {(role === 'producer' || role === 'reader') && (
            <Field
              label={role === 'producer' ? 'Only sources that begin with' : 'Only this user'}
              value={bound}
              onInput={setBound}
              placeholder="any"
            />
          )}
          <Field
            label="Until"
            value={until}
            onInput={setUntil}
            placeholder="it is revoked"
            hint="A time in UTC: 2027-01-01"
          />
        </>
      }
    />
  );
}

function RevokeButton({ of, onRevoked }: { readonly of: Key; readonly onRevoked: () => void }) {
  return (
    <Act
      button="Revoke"
      buttonKind="small"
      title="Revoke a key"
      confirm="Revoke it"
      body={of.id}
      write={async (id) => {
        const { error, response } = await api.DELETE('/v1/keys/{id}', { params: { path: { id } } });
        await answerOf(Promise.resolve({ data: {}, error, response }));
        onRevoked();
      }}
      done={() => <strong>Revoked. Every instance refuses it within two seconds.</strong>}
      form={
        <p>
          Whatever uses <bdi>{of.name}</bdi> stops working.
        </p>
      }
      review={() => (
        <Written
          rows={[
            ['Name', <bdi key="name">{of.name}</bdi>],
            ['Role', of.role],
            ['Id', of.id],
          ]}
        />
      )}
    />
  );
}
