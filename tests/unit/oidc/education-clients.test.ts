import { errors } from 'oidc-provider';
import { describe, expect, it } from 'vitest';
import { SCOPES } from '../../../provider/oidc/claims.ts';
import { metadataJudge, OWN_METADATA } from '../../../provider/oidc/client-rules.ts';

const judge = (metadata: Record<string, unknown>) => {
  for (const key of OWN_METADATA) metadataJudge(false)(undefined, key, metadata[key], metadata);
};
const portal = { education: true, scope: 'openid name edu_role edu_subsystems offline_access' };

describe('a relying party of ЭПОС', () => {
  it('may have every scope that speaks of the school', () => {
    expect(() => judge(portal)).not.toThrow();
  });

  const others = SCOPES.filter((scope) => !portal.scope.split(' ').includes(scope));
  it.each(others)('may not have scope %s', (scope) => {
    expect(() => judge({ ...portal, scope: `openid ${scope}` })).toThrow(errors.InvalidClientMetadata);
  });

  it('must say which scopes it has: none named would be all of them', () => {
    expect(() => judge({ education: true })).toThrow(errors.InvalidClientMetadata);
  });

  it.each([
    { required_membership: ['member'] },
    { released_claims: ['edu_role'] },
    { claims_by_consent: { finfort_pd: ['email'] } },
    { minimum_acr: 'urn:opo:loa:1' },
  ])('may not live on what the Union knows: %j', (field) => {
    expect(() => judge({ ...portal, ...field })).toThrow(errors.InvalidClientMetadata);
  });
});

it.each(['edu_role', 'edu_subsystems'])('nobody else may have scope %s', (scope) => {
  expect(() => judge({ scope: `openid ${scope}` })).toThrow(errors.InvalidClientMetadata);
  expect(() => judge({ scope: `openid ${scope}`, education: false })).toThrow(errors.InvalidClientMetadata);
});

describe('what an operator sets', () => {
  it.each([
    { minimum_acr: 'urn:opo:loa:2' },
    { allowed_doors: ['esia', 'rsaa', 'password'] },
    { support_uri: 'https://epos.example.test/support' },
    { support_uri: 'mailto:help@epos.example.test' },
    { guides: [{ for: 'staff', uri: 'https://epos.example.test/staff' }] },
  ])('is taken: %j', (field) => {
    expect(() => judge(field)).not.toThrow();
  });

  it.each([
    { minimum_acr: 'urn:opo:loa:4' },
    { minimum_acr: '2' },
    { allowed_doors: [] },
    { allowed_doors: 'esia' },
    { allowed_doors: ['Госуслуги'] },
    { education: 'yes' },
    { support_uri: 'javascript:alert(1)' },
    { support_uri: 'mailto:' },
    { guides: [{ for: 'teacher', uri: 'https://epos.example.test/' }] },
    { guides: [{ for: 'staff', uri: 'data:text/html,x' }] },
  ])('is refused: %j', (field) => {
    expect(() => judge(field)).toThrow(errors.InvalidClientMetadata);
  });
});
