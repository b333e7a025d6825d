import { Redis } from 'ioredis';
import { fetchUserInfo } from 'openid-client';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type OpenHouse, openHouse } from '../support/house.ts';
import { compass, dictation } from '../support/portals.ts';
import type { RelyingParty } from '../support/relying-party.ts';
import { testStores } from '../support/stores.ts';
import { type Visitor, visitor } from '../support/visitor.ts';
import { signIn } from '../support/walks.ts';

let open: OpenHouse;
let quiz: RelyingParty;
let other: RelyingParty;
beforeAll(async () => {
  open = await openHouse(await testStores());
  quiz = await dictation(open);
  other = await compass(open);
  // Clients and prepared statements are warm, as in any process that has served a while.
  const person = visitor();
  await toUserInfo(person, quiz);
  await silent(person, other);
});
afterAll(() => open.close());

async function toUserInfo(
  person: Visitor,
  portal: RelyingParty,
  identifier = 'ivanova@example.test',
): Promise<void> {
  const { tokens } = await signIn(person, portal, { identifier });
  await fetchUserInfo(portal.config, tokens.access_token, tokens.claims()?.sub ?? '');
}

async function silent(person: Visitor, portal: RelyingParty): Promise<void> {
  const started = await portal.start();
  const arrived = await person.follow(await person.request(started.url), portal.isCallback);
  const tokens = await portal.finish(arrived.url, started);
  await fetchUserInfo(portal.config, tokens.access_token, tokens.claims()?.sub ?? '');
}

/** Jobs, the feed of the register, seals, a look whether the signing keys have changed. */
const BACKGROUND =
  /pgboss|register_(cursor|change)|audit_seal|pg_try_advisory_xact_lock|as version from signing_key/;

/** Every SQL statement and every Redis command of this process while `walk` runs, but what looks for work in the background. */
async function operationsOf(walk: () => Promise<void>): Promise<string[]> {
  const seen: string[] = [];
  const query = vi.spyOn(pg.Client.prototype, 'query');
  const command = vi.spyOn(Redis.prototype, 'sendCommand');
  await walk();
  for (const [statement] of query.mock.calls as unknown as [string | { text?: string; name?: string }][]) {
    const text = typeof statement === 'string' ? statement : (statement.name ?? statement.text ?? '');
    if (!BACKGROUND.test(text)) seen.push(text);
  }
  for (const [{ name, args }] of command.mock.calls as unknown as [{ name: string; args: unknown[] }][]) {
    seen.push(
      `${name} ${String(args.find((arg) => String(arg).includes(':')))
        .split(':')
        .slice(0, -1)
        .join(':')}`,
    );
  }
  vi.restoreAllMocks();
  return seen;
}

it('a first sign-in takes at most 22 store operations, from /auth to userinfo', async () => {
  const operations = await operationsOf(() => toUserInfo(visitor(), quiz, 'fedorov@example.test'));
  expect(operations.length, operations.join('\n')).toBeLessThanOrEqual(22);
  expect(operations.length).toBeGreaterThan(10);
});

it('a silent one at most 14', async () => {
  const person = visitor();
  await toUserInfo(person, quiz);
  const operations = await operationsOf(() => silent(person, other));
  expect(operations.length, operations.join('\n')).toBeLessThanOrEqual(14);
  expect(operations.length).toBeGreaterThan(5);
});
