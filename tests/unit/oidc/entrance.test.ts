import type { Client, KoaContextWithOIDC } from 'oidc-provider';
import { describe, expect, it } from 'vitest';
import { entranceChecks, entranceFault, levelAskedFor } from '../../../provider/oidc/policy/entrance.ts';
import type { UpstreamState } from '../../../provider/upstreams/upstreams.ts';

const [LOW, MIDDLE, HIGH] = ['urn:opo:loa:1', 'urn:opo:loa:2', 'urn:opo:loa:3'];
const password = { acr: LOW, amr: ['pwd'] };
const rsaa = { acr: MIDDLE, amr: ['fed', 'urn:opo:door:rsaa'] };
const esia = { acr: HIGH, amr: ['fed', 'urn:opo:door:esia'] };
const unconfirmed = { acr: LOW, amr: ['fed', 'urn:opo:door:esia'] };
const client = (metadata: object): Client => metadata as Client;

describe('how a session has come in', () => {
  const open = client({});
  const second = client({ minimum_acr: MIDDLE });
  const third = client({ minimum_acr: HIGH });
  const region = client({ education: true });
  const doors = client({ allowed_doors: ['esia', 'rsaa'] });
  const ownDoor = client({ allowed_doors: ['password'] });
  it.each([
    ['anyhow', open, password, undefined],
    ['with nothing said of it', open, {}, undefined],
    ['by password, where level 2 is the least', second, password, 'level_too_low'],
    ['by РСАА, where level 2 is the least', second, rsaa, undefined],
    ['by ЕСИА, where level 2 is the least', second, esia, undefined],
    ['by ЕСИА unconfirmed, where level 2 is the least', second, unconfirmed, 'level_too_low'],
    ['by РСАА, where level 3 is the least', third, rsaa, 'level_too_low'],
    ['at a level nobody knows', second, { acr: 'gold', amr: [] }, 'level_too_low'],
    ['by password into ЭПОС, whose metadata names no level', region, password, 'level_too_low'],
    ['by РСАА into ЭПОС', region, rsaa, undefined],
    ['by password, where only upstreams lead in', doors, password, 'door_not_allowed'],
    ['by РСАА, where only upstreams lead in', doors, rsaa, undefined],
    ['by ЕСИА, where only the password leads in', ownDoor, esia, 'door_not_allowed'],
    ['by password, where only it leads in', ownDoor, password, undefined],
  ] as const)('%s', (_name, portal, entered, fault) => {
    expect(entranceFault(portal, entered)).toBe(fault);
  });
});

it.each([
  [undefined, undefined],
  ['', undefined],
  ['gold', undefined],
  [HIGH, HIGH],
  [`${HIGH} ${MIDDLE}`, MIDDLE],
  [`gold ${HIGH}`, HIGH],
])('acr_values «%s» asks for %s', (asked, least) => {
  expect(levelAskedFor(asked)).toBe(least);
});

describe('a wish for more', () => {
  const offer = (state: UpstreamState) =>
    ({ id: 'esia', kind: 'esia', name: { ru: 'Госуслуги', en: 'Gosuslugi' }, state }) as const;
  const asks = (
    more: { session?: object; params?: object; result?: object; prompts?: string[]; client?: object } = {},
    state: UpstreamState = 'up',
  ) => {
    const wish = entranceChecks({ offers: () => [offer(state)] }).find(
      ({ reason }) => reason === 'level_asked_for',
    );
    const oidc = {
      client: more.client ?? {},
      session: { accountId: 'a', ...password, ...more.session },
      params: more.params ?? { acr_values: HIGH },
      result: more.result,
      prompts: new Set(more.prompts),
    };
    return wish?.check({ oidc } as unknown as KoaContextWithOIDC);
  };
  it('raises the session', () => expect(asks()).toBe(true));
  it('is no wish without acr_values', () => expect(asks({ params: {} })).toBe(false));
  it('is met already', () => expect(asks({ session: esia })).toBe(false));
  it('is not repeated after a sign-in that stayed below it', () =>
    expect(asks({ result: { login: { accountId: 'a' } } })).toBe(false));
  it('gives way where no page may be shown', () => expect(asks({ prompts: ['none'] })).toBe(false));
  it('is still tried at an upstream that is unwell', () => expect(asks({}, 'degraded')).toBe(true));
  it('is dropped when no door that is open reaches it', () => expect(asks({}, 'off')).toBe(false));
  it('is dropped when the door that reaches it does not lead in', () =>
    expect(asks({ client: { allowed_doors: ['rsaa'] } })).toBe(false));
  it('waits for somebody', () => expect(asks({ session: { accountId: undefined } })).toBe(false));
});
