import { describe, expect, it } from 'vitest';
import type { Doors } from '../../../adapters/account-doors/account-doors.ts';
import type { Account } from '../../../adapters/account-store/account-store.ts';
import type { Link } from '../../../adapters/link-store/link-store.ts';
import { isOpenWithout, type Offers, waysPage } from '../../../provider/cabinet/ways.ts';
import type { UpstreamState } from '../../../provider/upstreams/upstreams.ts';

const offer = (id: string, state: UpstreamState) => ({
  ...{ id, state, kind: 'oidc' as const },
  name: { ru: id.toUpperCase(), en: id },
});
const offers: Offers = [offer('esia', 'up'), offer('rsaa', 'degraded'), offer('school', 'off')];

describe('without one way, the account is open', () => {
  it.each<[boolean, string, Partial<Doors>]>([
    [false, 'when there is nothing else', {}],
    [true, 'by password and e-mail', { hasPassword: true, identifiers: ['email'] }],
    [true, 'by password and ticket', { hasPassword: true, identifiers: ['ticket'] }],
    [false, 'not by a password that is typed beside nothing', { hasPassword: true }],
    [false, 'not by an address without a password', { identifiers: ['email', 'ticket'] }],
    [true, 'by another upstream, though it is in trouble', { upstreams: ['esia', 'rsaa'] }],
    [true, 'by a passkey', { passkeys: 1 }],
    [false, 'not by one that is switched off', { upstreams: ['esia', 'school'] }],
    [false, 'not by one that is configured no longer', { upstreams: ['esia', 'gone'] }],
  ])('%s: %s', (open, _why, doors) => {
    const none = { hasPassword: false, identifiers: [], upstreams: ['esia'], passkeys: 0 };
    expect(isOpenWithout('esia', { ...none, ...doors }, offers)).toBe(open);
  });
});

describe('the page', () => {
  const account = { id: 'a', status: 'confirmed', locale: 'ru' } as Account;
  const link = (upstream: string): Link => ({
    ...{ issuer: `https://${upstream}.test`, subject: '1000000101', accountId: 'a', upstream },
    ...{ linkedAt: new Date(0), usedAt: new Date(1), told: { family: 'Иванова', confirmed: true } },
  });

  it('names nobody by the upstream’s number or words', () => {
    const shown = JSON.stringify(waysPage(account, undefined, [link('esia')], 0, offers, 'ru'));
    expect(shown).not.toMatch(/1000000101|Иванова|esia\.test/);
  });

  it('offers what is not linked and not off, and takes no last way', () => {
    const shown = waysPage(account, undefined, [link('esia')], 0, offers, 'ru');
    expect(shown.addable.map(({ name }) => name)).toEqual(['RSAA']);
    expect(shown.links).toEqual([{ name: 'ESIA', linkedAt: new Date(0), usedAt: new Date(1), state: 'up' }]);
  });

  it('still shows a link whose upstream is configured no longer', () => {
    const shown = waysPage(account, undefined, [link('esia'), link('gone')], 0, offers, 'ru');
    expect(shown.links.map(({ name, state, removePath }) => [name, state, removePath])).toEqual([
      ['ESIA', 'up', undefined],
      ['gone', 'off', '/cabinet/ways/gone/remove'],
    ]);
  });
});
