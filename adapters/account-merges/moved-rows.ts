/**
 * The rows that change hands when two accounts become one, and go back when that is undone. What is remembered are the
 * rows themselves, as JSON of the database: a column that comes later goes with them.
 */
import type { Queryable } from '../database/database.ts';
import type { MergeMoves } from './account-merges.ts';
import { demandAsBefore, demandAsClosedDid, type Pair } from './moved-demand.ts';

type CarriedTable = { readonly table: string; readonly key: string; readonly owner: string };

/** Tables whose rows go over whole, by their key and whose they are. */
const CARRIED: readonly CarriedTable[] = [
  { table: 'application', key: 'id', owner: 'account_id' },
  { table: 'integration', key: 'client_id', owner: 'owner_id' },
  { table: 'integration_request', key: 'id', owner: 'asked_by' },
  { table: 'school_person', key: 'id', owner: 'account_id' },
];
/** Their rows know nothing of whose they are but that: a passkey keeps the handle it was made for. */
const DEVICES: readonly CarriedTable[] = [
  { table: 'code_app', key: 'id', owner: 'account_id' },
  { table: 'passkey', key: 'id', owner: 'account_id' },
];

type Memory = {
  readonly survivor: object;
  readonly closed: object;
  readonly identifiers: readonly object[];
  readonly links: readonly object[];
  readonly passwords: readonly object[];
  readonly carried: Readonly<Record<string, readonly string[]>>;
  /** When the survivor began to ask for a second factor, if that is because of the merge. */
  readonly asksAlwaysSince: string | null;
};

export async function moveRows(
  { survivorId, closedId }: Pair,
  moves: MergeMoves,
  within: Queryable,
): Promise<string> {
  const carried = moves.devices ? [...CARRIED, ...DEVICES] : CARRIED;
  const asksAlwaysSince = moves.asksAlways ? await demandAsClosedDid({ survivorId, closedId }, within) : null;
  const before = { ...(await remember({ survivorId, closedId }, carried, within)), asksAlwaysSince };
  const staying = moves.links.map(({ issuer, subject }) => `${issuer}\n${subject}`);
  await within.query(
    `insert into former_link (issuer, subject, account_id, upstream, linked_at)
     select issuer, subject, account_id, upstream, linked_at from linked_identity
      where account_id = $1 and issuer || E'\\n' || subject <> all ($2)`,
    [closedId, staying],
  );
  await within.query(
    `delete from identifier i using linked_identity l
      where l.account_id = $1 and l.issuer || E'\\n' || l.subject <> all ($2)
        and i.kind = l.issuer and i.value = l.subject`,
    [closedId, staying],
  );
  await within.query('update linked_identity set account_id = $2 where account_id = $1', [
    closedId,
    survivorId,
  ]);
  await within.query(
    `update identifier set account_id = $2, further = further or (kind = 'email' and $3) where account_id = $1`,
    [closedId, survivorId, moves.emailAs === 'further'],
  );
  if (moves.password) {
    await within.query('update password set account_id = $2 where account_id = $1', [closedId, survivorId]);
  } else {
    await within.query('delete from password where account_id = $1', [closedId]);
  }
  await within.query(
    `update account set status = 'closed', member_id = null, updated_at = now() where id = $1`,
    [closedId],
  );
  if (moves.member) await takeMember({ survivorId, closedId }, before, within);
  for (const { table, owner } of carried) {
    await within.query(`update ${table} set ${owner} = $2 where ${owner} = $1`, [closedId, survivorId]);
  }
  return JSON.stringify(before);
}

/** The survivor is named as the member is, and as the account that was hers before. */
async function takeMember(
  { survivorId }: Pair,
  { closed }: Pick<Memory, 'closed'>,
  within: Queryable,
): Promise<void> {
  await within.query(
    `update account a set member_id = was.member_id, family_name = was.family_name, given_name = was.given_name,
            middle_name = was.middle_name, phone = coalesce(a.phone, was.phone), updated_at = now()
       from jsonb_populate_record(null::account, $2::jsonb) as was where a.id = $1`,
    [survivorId, JSON.stringify(closed)],
  );
}

async function remember(
  { survivorId, closedId }: Pair,
  tables: readonly CarriedTable[],
  within: Queryable,
): Promise<Omit<Memory, 'asksAlwaysSince'>> {
  const rows = async (table: string, owner: string, id: string): Promise<object[]> =>
    (
      await within.query<{ row: object }>(
        `select to_jsonb(t) - 'name_key' as row from ${table} t where ${owner} = $1`,
        [id],
      )
    ).map(({ row }) => row);
  const carried: [string, string[]][] = [];
  for (const { table, key, owner } of tables) {
    const found = await within.query<{ key: string }>(
      `select ${key} as key from ${table} where ${owner} = $1`,
      [closedId],
    );
    carried.push([table, found.map((row) => row.key)]);
  }
  const [survivor] = await rows('account', 'id', survivorId);
  const [closed] = await rows('account', 'id', closedId);
  if (!survivor || !closed) throw new RangeError('no such account');
  return {
    ...{ survivor, closed },
    identifiers: await rows('identifier', 'account_id', closedId),
    links: await rows('linked_identity', 'account_id', closedId),
    passwords: await rows('password', 'account_id', closedId),
    carried: Object.fromEntries(carried),
  };
}

/** Each only while it is where the merge has put it, or nowhere. */
export async function restoreRows(
  { survivorId, closedId }: Pair,
  memory: string,
  within: Queryable,
): Promise<void> {
  const remembered = JSON.parse(memory) as Memory;
  const { survivor, closed, identifiers, links, passwords, carried, asksAlwaysSince } = remembered;
  await within.query(
    `update account a set member_id = was.member_id, family_name = was.family_name, given_name = was.given_name,
            middle_name = was.middle_name, phone = was.phone, updated_at = now()
       from jsonb_populate_record(null::account, $2::jsonb) as was, jsonb_populate_record(null::account, $3::jsonb) as gave
      where a.id = $1 and gave.member_id is not null and a.member_id = gave.member_id`,
    [survivorId, JSON.stringify(survivor), JSON.stringify(closed)],
  );
  await within.query(
    `update account a set status = was.status, updated_at = now(),
            member_id = case when exists (select from account b where b.member_id = was.member_id) then null
                             else was.member_id end
       from jsonb_populate_record(null::account, $2::jsonb) as was where a.id = $1`,
    [closedId, JSON.stringify(closed)],
  );
  const [identifier, link, password] = [
    await columnsOf('identifier', within),
    await columnsOf('linked_identity', within),
    await columnsOf('password', within),
  ];
  await within.query(
    `insert into identifier (${identifier.names}) select ${identifier.values} from jsonb_populate_recordset(null::identifier, $2::jsonb) as was
      where was.kind <> 'ticket' or exists (select from account where id = $1 and member_id is not null)
     on conflict (kind, value) do update set account_id = excluded.account_id, further = excluded.further
      where identifier.account_id = $3`,
    [closedId, JSON.stringify(identifiers), survivorId],
  );
  await within.query(
    `insert into linked_identity (${link.names}) select ${link.values} from jsonb_populate_recordset(null::linked_identity, $2::jsonb) as was
       join identifier i on i.kind = was.issuer and i.value = was.subject and i.account_id = $1
     on conflict (issuer, subject) do update set account_id = excluded.account_id`,
    [closedId, JSON.stringify(links)],
  );
  await within.query(
    `delete from former_link f using linked_identity l
      where f.account_id = $1 and l.account_id = $1 and l.issuer = f.issuer and l.subject = f.subject`,
    [closedId],
  );
  await within.query(
    `delete from password p using jsonb_populate_recordset(null::password, $2::jsonb) as was
      where p.account_id = $1 and p.hash = was.hash`,
    [survivorId, JSON.stringify(passwords)],
  );
  await within.query(
    `insert into password (${password.names}) select ${password.values} from jsonb_populate_recordset(null::password, $1::jsonb) as was
     on conflict do nothing`,
    [JSON.stringify(passwords)],
  );
  for (const { table, key, owner } of [...CARRIED, ...DEVICES]) {
    await within.query(`update ${table} set ${owner} = $2 where ${owner} = $1 and ${key} = any($3)`, [
      survivorId,
      closedId,
      carried[table] ?? [],
    ]);
  }
  if (asksAlwaysSince) await demandAsBefore(survivorId, asksAlwaysSince, within);
}

/** Those that a row is written by, of whichever migration; what the database computes itself is left out. */
async function columnsOf(table: string, within: Queryable): Promise<{ names: string; values: string }> {
  const rows = await within.query<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute
      where attrelid = $1::text::regclass and attnum > 0 and not attisdropped and attgenerated = ''
      order by attnum`,
    [table],
  );
  return {
    names: rows.map(({ name }) => name).join(', '),
    values: rows.map(({ name }) => `was.${name}`).join(', '),
  };
}
