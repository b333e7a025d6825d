/** Not in an id_token, not at userinfo, not by introspection, not in the log: whatever is asked (domain.md §2.3). */
import * as client from 'openid-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLAIMS_BY_SCOPE, SCOPES } from '../../../provider/oidc/claims.ts';
import { type Federation, openFederation } from '../../support/esia/federation.ts';
import { openRegion, type Region } from '../../support/esia/region.ts';
import { leave } from '../../support/esia/through.ts';
import { visitor } from '../../support/visitor.ts';
import { toSignIn } from '../../support/walks.ts';

/** M-12 to the Union: ticket, organisation there, address; and her membership. */
const OF_THE_UNION = ['9900000000000144', 'lapteva@example.test', 'member', 'Камский край'];

/** All but those of the scopes that were asked for. */
const OTHER_CLAIMS = new Set<string>(
  Object.entries(CLAIMS_BY_SCOPE).flatMap(([scope, names]) =>
    ['openid', 'edu_role'].includes(scope) ? [] : [...names],
  ),
);

let scene: Federation;
let region: Region;
beforeAll(async () => {
  scene = await openFederation();
  region = await openRegion(scene);
});
afterAll(() => scene.close());

it('a scope of the Union is refused at the door', async () => {
  const school = region.parties['epos-school'];
  for (const scope of SCOPES.filter(
    (one) => !['openid', 'name', 'edu_role', 'offline_access'].includes(one),
  )) {
    const { url } = await school.start({ scope: `openid ${scope}` });
    const page = await visitor().request(url);
    expect(page.headers.get('location') ?? '', scope).toContain('error=invalid_scope');
  }
});

it('the parameter «claims» gets nothing more than the scopes', async () => {
  const school = region.parties['epos-school'];
  const wanted = Object.fromEntries(
    [...new Set(Object.values(CLAIMS_BY_SCOPE).flat())].map((name) => [name, { essential: true }]),
  );
  const person = visitor();
  const { started, page } = await toSignIn(person, school, {
    scope: 'openid edu_role',
    claims: JSON.stringify({ id_token: wanted, userinfo: wanted }),
  });
  const callback = await scene.signInAt('rsaa', await leave(person, page, 'rsaa'), 'lapteva_zf');
  const arrived = await person.follow(await person.request(callback), school.isCallback);
  const tokens = await school.finish(arrived.url, started);
  const refreshed = await client.refreshTokenGrant(school.config, tokens.refresh_token ?? '');
  const info = await client.fetchUserInfo(school.config, refreshed.access_token, tokens.claims()?.sub ?? '');
  const seen = await client.tokenIntrospection(school.config, refreshed.access_token);
  expect(seen.active).toBe(true);

  expect(info).toMatchObject({ edu_role: 'staff', school: { id: 'P-08' } });
  for (const told of [tokens.claims(), refreshed.claims(), info, seen]) {
    expect(Object.keys(told ?? {}).filter((name) => OTHER_CLAIMS.has(name))).toEqual([]);
    const text = JSON.stringify(told);
    for (const secret of OF_THE_UNION) expect(text).not.toContain(secret);
  }
  for (const secret of ['9900000000000144', 'lapteva@example.test', 'Лаптева']) {
    expect(scene.open.logged()).not.toContain(secret);
  }
});
