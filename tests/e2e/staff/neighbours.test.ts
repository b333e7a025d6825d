/**
 * Every route of staff through the eyes of every kind of neighbour (security.md class 18). The table is the one that
 * mounts the routes: a new route is tested the moment it is written, and an object of a new kind must be named.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OrganisationRule, UnionRule } from '../../../provider/staff/rule.ts';
import {
  deskRouteTable,
  fillPath,
  paramsOf,
  type StaffRoute,
  staffRouteTable,
} from '../../support/staff-routes.ts';
import { type Page, visitor } from '../../support/visitor.ts';
import { type AtWorkplace, postAs } from '../../support/workplace.ts';
import {
  type Neighbourhood,
  type OrganisationId,
  openNeighbourhood,
  PATHS,
  PERSONAS,
  type Persona,
  UNION_ROLES,
} from './neighbourhood.ts';

/** Parameters that name no object of an organisation: the same for everybody. */
const WORDS: Readonly<Record<string, string>> = { tab: 'registration', format: 'csv', guide: 'undertaking' };
/** Objects of a person, found by her account and not by the organisation. */
const HER_OWN = new Set(['signing']);

const KIND_OF = { R: 'regional', T: 'territorial', P: 'primary' } as const;
const kindOf = (id: OrganisationId) => KIND_OF[id.charAt(0) as keyof typeof KIND_OF];

let scene: Neighbourhood;
beforeAll(async () => {
  scene = await openNeighbourhood();
}, 300_000);
afterAll(() => scene.close());

type Answer = 'in' | 'not found' | 'undertaking first' | 'sign in first';

function answerOf({ status, headers }: Page): Answer {
  const location = headers.get('location') ?? '';
  if (location.startsWith('/auth?')) return 'sign in first';
  if (/^\/chair\/[^/]+\/undertaking$/.test(location)) return 'undertaking first';
  return status === 404 ? 'not found' : 'in';
}

/** By the words of the rule alone, without asking the code that judges. */
function expected(rule: OrganisationRule, persona: Persona, at: OrganisationId): Answer {
  const above: readonly string[] = PATHS[at].slice(0, -1);
  const isOwn = persona.at === at;
  const isAbove = above.includes(persona.at);
  const isAllowed = { own: isOwn, above: isAbove, 'own-or-above': isOwn || isAbove }[rule.who];
  const isMeant = rule.kinds.some((kind) => kind === kindOf(at));
  if (persona.former || !isAllowed || !isMeant) return 'not found';
  if (rule.role !== undefined && rule.role !== persona.role) return 'not found';
  return rule.undertaking && persona.undertaken === false ? 'undertaking first' : 'in';
}

type Asked = Pick<StaffRoute, 'method'>;
const request = ({ person }: AtWorkplace, { method }: Asked, path: string, page: Page) =>
  method === 'GET' ? person.request(new URL(path, page.url)) : postAs(person, page, path);
const ask = (standing: AtWorkplace, route: Asked, path: string) =>
  request(standing, route, path, standing.page);

/** A path to nothing: whoever is let in finds nothing there that could be harmed. */
const toNothing = (path: string, organisation: string) =>
  fillPath(path, {
    ...Object.fromEntries(paramsOf(path).map((name) => [name, WORDS[name] ?? randomUUID()])),
    organisation,
  });

const routes = staffRouteTable();
const ofOrganisation = routes.filter(
  (route): route is StaffRoute & { rule: OrganisationRule } => route.rule.scope === 'organisation',
);
const ofUnion = routes.filter(
  (route): route is StaffRoute & { rule: UnionRule } => route.rule.scope === 'union',
);
const objectsIn = ({ path }: StaffRoute) =>
  paramsOf(path).filter((name) => name !== 'organisation' && WORDS[name] === undefined);

describe.each(ofOrganisation)('$name', (route) => {
  const { rule, path } = route;
  // Let in, and finding nothing, looks like not being let in: what is there is asked for below.
  const findsNothing = objectsIn(route).length > 0;

  it.each(PERSONAS)('as $name', async (persona) => {
    for (const at of ['P-01', 'T-01', 'R-01'] as const) {
      const wanted = expected(rule, persona, at);
      const met = answerOf(await ask(scene.seated(persona.name), route, toNothing(path, at)));
      // Pages of the undertaking lead back to its beginning.
      const answer = met === 'undertaking first' && !rule.undertaking ? 'in' : met;
      if (wanted === 'in' && findsNothing) expect(['in', 'not found'], at).toContain(answer);
      else expect(answer, at).toBe(wanted);
    }
  });

  it('as an operator of the Union, who has no office there', async () => {
    const answer = await ask(scene.seated('union_operator'), route, toNothing(path, 'P-01'));
    expect(answerOf(answer)).toBe('not found');
  });
});

/** Who may open it there, and who may open the like elsewhere. */
function pairFor({ rule }: StaffRoute & { rule: OrganisationRule }) {
  const isFor = (kind: string) => rule.kinds.some((each) => each === kind);
  if (rule.who === 'above') {
    const stranger = { name: 'another territorial chair', at: 'P-08' };
    return { owner: { name: 'the territorial chair', at: 'P-01' }, stranger };
  }
  if (isFor('primary')) {
    const stranger = { name: 'a chair of another territory', at: 'P-03' };
    return { owner: { name: 'the chair', at: 'P-01' }, stranger };
  }
  if (isFor('territorial')) {
    const stranger = { name: 'another territorial chair', at: 'T-03' };
    return { owner: { name: 'the territorial chair', at: 'T-01' }, stranger };
  }
  const stranger = { name: 'another regional chair', at: 'R-02' };
  return { owner: { name: 'the regional chair', at: 'R-01' }, stranger };
}

const withObjects = ofOrganisation.filter(
  (route) => objectsIn(route).length > 0 && !objectsIn(route).some((name) => HER_OWN.has(name)),
);

describe.each(withObjects)('$name, of another organisation', (route) => {
  it('is not there at a stranger’s own organisation, and nothing has changed', async () => {
    const { stranger } = pairFor(route);
    const path = fillPath(route.path, { ...WORDS, ...scene.objects, organisation: stranger.at });
    const before = await scene.state();
    const answer = await ask(scene.seated(stranger.name), route, path);
    // A form that is not filled in may be refused before anything is looked for.
    expect(route.method === 'GET' ? [404] : [404, 400]).toContain(answer.status);
    expect(await scene.state()).toBe(before);
  });
});

describe.each(withObjects.filter(({ method }) => method === 'GET'))('$name, of her own', (route) => {
  it('is there', async () => {
    const { owner } = pairFor(route);
    const path = fillPath(route.path, { ...WORDS, ...scene.objects, organisation: owner.at });
    expect((await ask(scene.seated(owner.name), route, path)).status).toBeLessThan(400);
  });
});

describe.each(ofUnion)('$name', (route) => {
  const path = toNothing(route.path, 'P-01');

  it.each([...PERSONAS.map(({ name }) => name), 'member'])('is not there for %s', async (name) => {
    expect(answerOf(await ask(scene.seated(name), route, path))).toBe('not found');
  });

  it.each(UNION_ROLES)('as $role', async ({ role }) => {
    const answer = answerOf(await ask(scene.seated(role), route, path));
    if (!route.rule.roles.includes(role)) expect(answer).toBe('not found');
    else if (paramsOf(route.path).length === 0) expect(answer).toBe('in');
  });
});

describe.each(routes)('$name, by whoever else', (route) => {
  const path = toNothing(route.path, 'P-01');

  it('is a stranger’s to sign in for, and nothing for a member', async () => {
    const person = visitor();
    const stranger = { person, page: await person.open(`${scene.open.issuer}/about/ways`) };
    expect(answerOf(await ask(stranger, route, path))).toBe('sign in first');
    // The front door tells whoever has no workplace that she has none, and nothing else.
    const unseated = route.name === 'GET /staff' ? 'in' : 'not found';
    expect(answerOf(await ask(scene.seated('member'), route, path))).toBe(unseated);
  });

  it('knows no other method', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const { person } = scene.seated('member');
      const { status } = await person.request(new URL(path, scene.open.issuer), { method });
      expect([403, 404, 405], method).toContain(status);
    }
  });
});

describe.each(deskRouteTable())('$name', (route) => {
  const path = toNothing(route.path, 'P-01');

  it.each([...PERSONAS.map(({ name }) => name), 'member', 'administrator'])(
    'is not there for %s',
    async (name) => {
      expect(answerOf(await ask(scene.seated(name), route, path))).toBe('not found');
    },
  );

  it('is a stranger’s to sign in for', async () => {
    const person = visitor();
    const page = await person.open(`${scene.open.issuer}/about/ways`);
    expect(answerOf(await ask({ person, page }, route, path))).toBe('sign in first');
  });
});
