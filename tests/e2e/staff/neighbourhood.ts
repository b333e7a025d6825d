/** Staff of every kind, seated around one school, and one object of each kind at that school and above it. */
import { randomUUID } from 'node:crypto';
import { aesGcm } from '../../../adapters/cipher/aes-gcm.ts';
import { postgresOffices } from '../../../adapters/office-store/postgres.ts';
import { postgresRegistry } from '../../../adapters/registry/postgres.ts';
import { postgresStaff } from '../../../adapters/staff-store/postgres.ts';
import { readConfig } from '../../../provider/config.ts';
import { applicationOf } from '../../contract/registry/registry-contract.ts';
import { type OpenHouse, openHouse, PASSWORD, sharedSecrets } from '../../support/house.ts';
import { type Mail, openMail } from '../../support/mail.ts';
import { testStores } from '../../support/stores.ts';
import { visitor } from '../../support/visitor.ts';
import { type AtWorkplace, accountOf, enterOperator, enterWorkplace } from '../../support/workplace.ts';

/** From the top down. */
export const PATHS = {
  'R-01': ['R-01'],
  'R-02': ['R-02'],
  'T-01': ['R-01', 'T-01'],
  'T-03': ['R-02', 'T-03'],
  'P-01': ['R-01', 'T-01', 'P-01'],
  'P-02': ['R-01', 'T-01', 'P-02'],
  'P-03': ['R-01', 'T-02', 'P-03'],
  'P-08': ['R-02', 'T-03', 'P-08'],
} as const;
export type OrganisationId = keyof typeof PATHS;

export type Persona = {
  readonly name: string;
  readonly email: string;
  readonly at: OrganisationId;
  readonly role: 'chair' | 'responsible';
  readonly undertaken?: false;
  /** Has held the office until a moment ago. */
  readonly former?: true;
};

export const PERSONAS: readonly Persona[] = [
  { name: 'the chair', email: 'vasilyeva@example.test', at: 'P-01', role: 'chair' },
  { name: 'a chair of the same territory', email: 'alla@example.test', at: 'P-02', role: 'chair' },
  { name: 'a chair of another territory', email: 'timur@example.test', at: 'P-03', role: 'chair' },
  { name: 'a chair of another region', email: 'lapteva@example.test', at: 'P-08', role: 'chair' },
  { name: 'the territorial chair', email: 'polyakova@example.test', at: 'T-01', role: 'chair' },
  { name: 'the responsible', email: 'ryabov@example.test', at: 'T-01', role: 'responsible' },
  { name: 'another territorial chair', email: 'belova@example.test', at: 'T-03', role: 'chair' },
  { name: 'the regional chair', email: 'zhukov@example.test', at: 'R-01', role: 'chair' },
  { name: 'another regional chair', email: 'grishin@example.test', at: 'R-02', role: 'chair' },
  {
    ...{ name: 'a chair without the undertaking', email: 'sorokina@example.test', undertaken: false },
    ...{ at: 'P-01', role: 'chair' },
  },
  {
    ...{ name: 'a territorial chair without the undertaking', email: 'kuznetsov@example.test' },
    ...{ at: 'T-01', role: 'chair', undertaken: false },
  },
  {
    ...{ name: 'a former chair', email: 'fedorov@example.test', former: true },
    ...{ at: 'P-01', role: 'chair' },
  },
];

/** The Union's own staff, each with a device of her own. */
export const UNION_ROLES = [
  { role: 'union_operator', email: 'solovyeva@example.test' },
  { role: 'administrator', email: 'zaitsev@example.test' },
] as const;

/** Ids by the name of the parameter: at P-01, or at T-01 where no primary organisation has such a thing. */
export type Objects = Readonly<Record<string, string>>;

export type Neighbourhood = {
  readonly open: OpenHouse;
  /** By the name of the persona or role; `member` has none. */
  seated(name: string): AtWorkplace;
  readonly objects: Objects;
  /** Everything at P-01 and T-01, as one text: equal texts, nothing was changed. */
  state(): Promise<string>;
  close(): Promise<void>;
};

export async function openNeighbourhood(): Promise<Neighbourhood> {
  const mail: Mail = await openMail();
  const stores = await testStores();
  const open = await openHouse({ ...stores, SMTP_URL: mail.smtpUrl, THROTTLE: 'off' });
  const { database } = open.house.stores;
  const offices = postgresOffices(database);
  const inside = new Map<string, AtWorkplace>();

  for (const persona of PERSONAS) {
    const accountId = await accountOf(open, persona.email);
    const held = (await offices.of(accountId)).find(({ organisation }) => organisation.id === persona.at);
    const office =
      held?.id ??
      (await offices.grant({ accountId, organisationId: persona.at, role: persona.role, by: 'test' }));
    if (office === undefined) throw new Error(`${persona.name} has no office`);
    if (persona.undertaken !== false)
      await offices.undertake(office, { how: 'paper', at: new Date(), by: 'test' });
    inside.set(persona.name, await enterWorkplace(open, mail, persona.email));
    if (persona.former) await offices.revoke(office, 'test');
  }
  for (const { role, email } of UNION_ROLES) {
    await postgresStaff(database).grant(await accountOf(open, email), role, 'test');
    inside.set(role, await enterOperator(open, email));
  }
  const person = visitor();
  const door = await person.open(`${open.issuer}/cabinet`);
  const typed = { by: 'email', identifier: 'ivanova@example.test', password: PASSWORD };
  inside.set('member', {
    person,
    page: await person.follow(await person.submit(door, /\/password$/, typed)),
  });

  const objects = await makeObjects(open);
  return {
    open,
    objects,
    seated(name) {
      const found = inside.get(name);
      if (!found) throw new Error(`${name} is not inside`);
      return found;
    },
    async state() {
      const rows = await database.query(
        `select (select jsonb_agg(to_jsonb(m) order by m.id) from member m where organisation_id = 'P-01') as members,
                (select jsonb_agg(to_jsonb(t) order by t.number) from ticket t) as tickets,
                (select jsonb_agg(to_jsonb(a) order by a.id) from register_application a) as applications,
                (select jsonb_agg(to_jsonb(c) order by c.id) from member_consent c) as consents,
                (select jsonb_agg(to_jsonb(o) order by o.id) from ticket_order o) as orders,
                (select jsonb_agg(to_jsonb(u) order by u.id) from organisation_unit u) as units,
                (select jsonb_agg(to_jsonb(p) order by p.organisation_id) from passport p) as passports,
                (select jsonb_agg(to_jsonb(l) order by l.id) from member_list l) as lists,
                (select jsonb_agg(to_jsonb(f) order by f.id) from office f) as offices,
                (select jsonb_agg(to_jsonb(c) order by c.id) from office_credential c) as credentials`,
      );
      return JSON.stringify(rows);
    },
    async close() {
      await open.close();
      await mail.close();
    },
  };
}

async function makeObjects(open: OpenHouse): Promise<Objects> {
  const { database } = open.house.stores;
  const { secrets } = readConfig({ ISSUER: open.issuer, SANDBOX: 'on', ...sharedSecrets });
  const cipher = aesGcm(secrets.encryptionKeys);
  const application = applicationOf();
  await postgresRegistry(database, { cipher, admitsNobody: '' }).submit(application);
  const [order] = await database.query<{ id: string }>(
    `insert into ticket_order (organisation_id, unit_kopecks, tickets) values ('P-01', 1700, 1) returning id::text`,
  );
  const unit = randomUUID();
  await database.query(
    `insert into organisation_unit (id, organisation_id, kind, name) values ($1, 'P-01', 'group', 'Начальная школа')`,
    [unit],
  );
  const upload = randomUUID();
  await database.query(
    `insert into member_list (id, organisation_id, uploaded_by, uploaded_at, rows)
     values ($1, 'P-01', $2, now(), 0)`,
    [upload, await accountOf(open, 'vasilyeva@example.test')],
  );
  const batch = randomUUID();
  await database.query(
    `insert into credential_batch (id, organisation_id, issued_by, way) values ($1, 'T-01', $2, 'letter')`,
    [batch, await accountOf(open, 'polyakova@example.test')],
  );
  const credential = randomUUID();
  await database.query(
    `insert into office_credential (id, batch_id, place, organisation_id, role, email_key, email,
                                    family_name, given_name, secret_hash, issued_at, expires_at)
     values ($1, $2, 1, 'P-01', 'chair', 'new@example.test', 'new@example.test', 'Новая', 'Нина', '\\x00',
             now(), now() + interval '1 day')`,
    [credential, batch],
  );
  const [office] = await database.query<{ id: string }>(
    `select id from office where organisation_id = 'P-01' and revoked_at is null limit 1`,
  );
  return {
    member: 'M-01',
    application: application.id,
    order: order?.id ?? '',
    ...{ unit, upload, batch, credential },
    office: office?.id ?? '',
  };
}
