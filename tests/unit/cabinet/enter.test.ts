/** Where a sign-in leads: to every page of the cabinet, and to nothing else. */
import { describe, expect, it } from 'vitest';
import type { AccountStore } from '../../../adapters/account-store/account-store.ts';
import { doorkeeper } from '../../../provider/cabinet/enter.ts';
import { type CabinetNeeds, cabinetRoutes } from '../../../provider/cabinet/routes.ts';

/** Whatever is asked of it, there is more of it: only the table of routes is looked at. */
const anything: unknown = new Proxy(() => anything, { get: () => anything, apply: () => anything });
const known = {
  issuer: 'https://id.example.test',
  doorkeeper: doorkeeper(anything as CabinetNeeds['provider'], anything as AccountStore, {
    isSeated: async () => false,
  }),
};
const needs = new Proxy(known, { get: (own, name) => Reflect.get(own, name) ?? anything });
const router = cabinetRoutes(needs as unknown as CabinetNeeds);
const admitted = async (query: Record<string, string>): Promise<unknown> => {
  const ctx = {
    ...{ method: 'GET', path: '/cabinet/enter', query, status: 404, request: {} },
    redirect: (to: string) => Object.assign(ctx, { to }),
    to: undefined as unknown,
  };
  await router.routes()(ctx as never, async () => {});
  return ctx.to;
};
const shown = router.stack
  .filter(({ methods, path }) => methods.includes('GET') && path !== '/cabinet/enter')
  .map(({ path }) => String(path).replaceAll(/:\w+/g, 'a1b2-c3'));

describe('back from the sign-in', () => {
  it('has all the rooms there are', () => {
    expect(shown.length).toBeGreaterThan(20);
    expect(shown).toContain('/cabinet/who-looked');
  });

  it.each(shown)('to %s', async (room) => {
    const path = room.replace(/\/$/, '');
    expect(await admitted({ code: 'x', state: path })).toBe(path);
  });

  it.each([
    ...['/cabinet/enter', '/cabinet/sessions/end-others', '/cabinet/nothing/at/all', '/staff', '/', ''],
    ...['//evil.test/cabinet', 'https://evil.test/', '/cabinet/documents/..', '/cabinet/documents/a?b=c'],
    ...['/cabinet/documents/a\r\nb', `/cabinet/documents/${'a'.repeat(200)}`, '/cabinet/../staff'],
  ])('not to «%s»', async (room) => {
    expect(await admitted({ code: 'x', state: room })).toBe('/cabinet');
  });

  it('to the start page when nothing came of it', async () => {
    expect(await admitted({ error: 'access_denied', state: '/cabinet' })).toBe('/');
  });
});
