import type { KoaContextWithOIDC } from 'oidc-provider';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../../adapters/account-store/account-store.ts';
import type { ConsentType, StoredDocument } from '../../../adapters/document-store/document-store.ts';
import { metadataJudge } from '../../../provider/oidc/client-rules.ts';
import { findAccount } from '../../../provider/oidc/find-account.ts';

const account: Account = {
  id: 'a',
  status: 'confirmed',
  locale: 'ru',
  updatedAt: new Date(0),
  verifiedEmail: 'ivanova@example.test',
};

const askedNobody = { consentTo: async () => undefined };
const nobodyOfRegion = { standing: async () => undefined };

async function claimsFor(client: object, given: readonly ConsentType[], changes: Partial<Account> = {}) {
  const asked: ConsentType[] = [];
  const find = findAccount(
    { find: async () => ({ ...account, ...changes }) },
    {
      async consent(_id, type) {
        asked.push(type);
        return given.includes(type) ? ({} as StoredDocument) : undefined;
      },
    },
    askedNobody,
    nobodyOfRegion,
  );
  const ctx = { oidc: { client } } as unknown as KoaContextWithOIDC;
  const found = await find(ctx, 'a', undefined);
  const claims = await found?.claims('userinfo', 'openid email', {}, []);
  return { claims, asked };
}

describe('claims by consent', () => {
  const client = { first_party: true, claims_by_consent: { finfort_pd: ['email', 'email_verified'] } };

  it('leave only while it is in force', async () => {
    expect((await claimsFor(client, ['finfort_pd'])).claims).toMatchObject({ email: 'ivanova@example.test' });
    const without = await claimsFor(client, ['union_pd', 'union_messages']);
    expect(without.claims).not.toHaveProperty('email');
    expect(without.claims).not.toHaveProperty('email_verified');
    expect(without.claims).toMatchObject({ sub: 'a', membership: 'none' });
    expect(without.asked).toEqual(['finfort_pd']);
  });

  it('cost clients without them no question', async () => {
    const plain = await claimsFor({ first_party: true }, []);
    expect(plain.claims).toHaveProperty('email');
    expect(plain.asked).toEqual([]);
  });

  it('are judged when a client is registered', () => {
    const judge = metadataJudge(false);
    const register = (value: unknown) => () => judge(undefined, 'claims_by_consent', value, {});
    expect(register({ finfort_pd: ['email'] })).not.toThrow();
    for (const value of [
      { finfort: ['email'] },
      { finfort_pd: ['e-mail'] },
      { finfort_pd: [] },
      { finfort_pd: ['sub'] },
      ['email'],
    ]) {
      expect(register(value), JSON.stringify(value)).toThrow('invalid_client_metadata');
    }
  });
});

it('tokens of a person whose services have ended find nobody', async () => {
  const find = findAccount(
    { find: async () => ({ ...account, servicesEndedAt: new Date() }) },
    { consent: async () => undefined },
    askedNobody,
    nobodyOfRegion,
  );
  const ctx = { oidc: { client: {} } } as unknown as KoaContextWithOIDC;
  const token = { kind: 'AccessToken', iat: Math.floor(Date.now() / 1_000) } as never;
  expect(await find(ctx, 'a', token)).toBeUndefined();
  expect(await find(ctx, 'a', undefined)).toBeDefined();
});
