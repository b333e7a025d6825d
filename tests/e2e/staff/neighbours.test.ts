/**
 * Every route of staff through the eyes of every kind of neighbour (security.md class 18). The table is the one that
 * mounts the routes: a new route is tested the moment it is written, and an object of a new kind must be named here.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresOffices } from '../../../adapters/office-store/postgres.ts';
import { postgresStaff } from '../../../adapters/staff-store/postgres.ts';
import type { OrganisationRule, Rule } from '../../../provider/staff/rule.ts';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { type Mail, openMail } from '../../support/mail.ts';
import { fillPath, paramsOf, type StaffRoute, staffRouteTable } from '../../support/staff-routes.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { accountOf, enterWorkplace, postAs } from '../../support/workplace.ts';

/** Ids of the sandbox from the top down; a person of domain.md §6 acts there. */
const PATHS = {
  'R-01': ['R-01'],
  'T-01': ['R-01', 'T-01'],
  'P-01': ['R-01', 'T-01', 'P-01'],
  'P-02': ['R-01', 'T-01', 'P-02'],
  'P-03': ['R-01', 'T-02', 'P-03'],
  'T-03': ['R-02', 'T-03'],
  'P-08': ['R-02', 'T-03', 'P-08'],
} as const;
type OrganisationId = keyof typeof PATHS;
const KIND_OF = { R: 'regional', T: 'territorial', P: 'primary' } as const;
const kindOf = (id: OrganisationId) => KIND_OF[id.charAt(0) as keyof typeof KIND_OF];

type Persona = {
  readonly name: string;
  readonly email: string;
  readonly office?: { readonly at: OrganisationId; readonly role: 'chair' | 'responsible' };
  readonly undertaken?: false;
  readonly over?: true;
  readonly role?: 'union_operator' | 'administrator';
};

const PERSONAS: readonly Persona[] = [
  { name: 'the chair', email: 'vasilyeva@example.test', office: { at: 'P-01', role: 'chair' } },
  { name: 'the chair of another school', email: 'alla@example.test', office: { at: 'P-02', role: 'chair' } },
  {
    name: 'a chair of another territory',
    email: 'timur@example.test',
    office: { at: 'P-03', role: 'chair' },
  },
  { name: 'a chair of another region', email: 'lapteva@example.test', office: { at: 'P-08', role: 'chair' } },
  { name: 'the territorial chair', email: 'polyakova@example.test', office: { at: 'T-01', role: 'chair' } },
  { name: 'the responsible', email: 'ryabov@example.test', office: { at: 'T-01', role: 'responsible' } },
  { name: 'another territorial chair', email: 'belova@example.test', office: { at: 'T-03', role: 'chair' } },
  { name: 'the regional chair', email: 'zhukov@example.test', office: { at: 'R-01', role: 'chair' } },
  {
    ...{ name: 'a chair without the undertaking', email: 'sorokina@example.test', undertaken: false },
    office: { at: 'P-01', role: 'chair' },
  },
];

const SECTION_OF_RULES: readonly OrganisationId[] = ['P-01', 'T-01', 'R-01'];

let mail: Mail;
let open: OpenHouse;
const inside = new Map<string, { person: Visitor; page: Page }>();

async function seat({ email, office, undertaken, over, role }: Persona): Promise<void> {
  const { database } = open.house.stores;
  const accountId = await accountOf(open, email);
  const offices = postgresOffices(database);
  if (office) {
    const held = (await offices.of(accountId)).find(({ organisation }) => organisation.id === office.at);
    const id =
      held?.id ??
      (await offices.grant({ accountId, organisationId: office.at, role: office.role, by: 'test' }));
    if (id === undefined) throw new Error(`${email} has no office`);
    if (undertaken !== false) await offices.undertake(id, { how: 'paper', at: new Date(), by: 'test' });
    if (over) await offices.revoke(id, 'test');
  }
  if (role) await postgresStaff(database).grant(accountId, role, 'test');
}

beforeAll(async () => {
  mail = await openMail();
  open = await openHouse({ ...(await testStores()), SMTP_URL: mail.smtpUrl });
  for (const persona of PERSONAS) {
    await seat(persona);
    inside.set(persona.name, await enterWorkplace(open, mail, persona.email));
  }
}, 240_000);
afterAll(async () => {
  await open.close();
  await mail.close();
});

/** Of organisations there are some; what is in them is nobody's, so that even its own chair finds nothing to harm. */
const nothingOf = (path: string, organisation: string): Record<string, string> => ({
  ...Object.fromEntries(paramsOf(path).map((name) => [name, randomUUID()])),
  organisation,
});

type Answer = 'in' | 'not found' | 'undertaking first' | 'sign in first';

/** By the words of the rule alone, without asking the code that judges. */
function expected(rule: OrganisationRule, { office, undertaken }: Persona, at: OrganisationId): Answer {
  const above: readonly string[] = PATHS[at].slice(0, -1);
  const isOwn = office?.at === at;
  const isAbove = office !== undefined && above.includes(office.at);
  const mayBe = { own: isOwn, above: isAbove, 'own-or-above': isOwn || isAbove }[rule.who];
  const isMeant = rule.kinds.some((kind) => kind === kindOf(at));
  if (!mayBe || !isMeant || (rule.role !== undefined && rule.role !== office?.role)) return 'not found';
  return rule.undertaking && undertaken === false ? 'undertaking first' : 'in';
}

function answerOf({ status, headers }: Page): Answer {
  const location = headers.get('location') ?? '';
  if (location.startsWith('/auth?')) return 'sign in first';
  if (/^\/chair\/[^/]+\/undertaking$/.test(location)) return 'undertaking first';
  return status === 404 ? 'not found' : 'in';
}

const request = ({ person, page }: { person: Visitor; page: Page }, { method }: StaffRoute, path: string) =>
  method === 'GET' ? person.request(new URL(path, page.url)) : postAs(person, page, path);

const routes = staffRouteTable();
const isOfOrganisation = (route: StaffRoute): route is StaffRoute & { rule: OrganisationRule } =>
  route.rule.scope === 'organisation';
const isGuarded = ({ scope }: Rule) => scope !== 'staff';

describe.each(routes.filter(isOfOrganisation))('$name', (route) => {
  const { rule, path } = route;
  it.each(PERSONAS)('$name', async (persona) => {
    const standing = inside.get(persona.name);
    if (!standing) throw new Error(`${persona.name} is not inside`);
    for (const at of SECTION_OF_RULES) {
      const wanted = expected(rule, persona, at);
      // With nothing of the organisation to be found, being let in and finding nothing look alike.
      const isEmpty = paramsOf(path).length > 1;
      const answer = answerOf(await request(standing, route, fillPath(path, nothingOf(path, at))));
      if (wanted === 'in' && isEmpty) expect(['in', 'not found'], at).toContain(answer);
      else expect(answer, at).toBe(wanted);
    }
  });
});

describe.each(routes.filter(({ rule }) => isGuarded(rule)))('$name', (route) => {
  it('sends a stranger to sign in, and tells a member that there is nothing', async () => {
    const path = fillPath(route.path, nothingOf(route.path, 'P-01'));
    const stranger = { person: visitor(), page: await visitor().open(`${open.issuer}/about/ways`) };
    if (route.method === 'GET') expect(answerOf(await request(stranger, route, path))).toBe('sign in first');
    expect(answerOf(await request(await member(), route, path))).toBe('not found');
  });

  it('knows no other methods', async () => {
    const standing = await member();
    const path = fillPath(route.path, nothingOf(route.path, 'P-01'));
    for (const method of ['PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']) {
      const { status } = await standing.person.request(new URL(path, open.issuer), { method });
      expect([403, 404, 405], method).toContain(status);
    }
  });
});

let signedIn: { person: Visitor; page: Page } | undefined;
async function member(): Promise<{ person: Visitor; page: Page }> {
  if (signedIn) return signedIn;
  const person = visitor();
  const door = await person.open(`${open.issuer}/cabinet`);
  const typed = { by: 'email', identifier: 'ivanova@example.test', password: PASSWORD };
  const page = await person.follow(await person.submit(door, /\/password$/, typed));
  signedIn = { person, page };
  return signedIn;
}
