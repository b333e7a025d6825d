/** Not in an id_token, not at userinfo, not by introspection, not in the log: whatever is asked (domain.md §2.3). */
import * as client from 'openid-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Claim, claimsIn, SCOPES } from '../../../provider/oidc/claims.ts';
import { type Federation, openFederation } from '../../support/esia/federation.ts';
import { openRegion, type Region } from '../../support/esia/region.ts';
import { leave } from '../../support/esia/through.ts';
import { visitor } from '../../support/visitor.ts';
import { toSignIn } from '../../support/walks.ts';

/** M-12 to the Union: ticket, organisation there, address; and her membership. */
const OF_THE_UNION = ['9900000000000144', 'lapteva@example.test', 'member', 'Камский край'];

/** What «ЭПОС.Школа» may be told; the other claims, each of which is of some other scope. */
const ITS_CLAIMS = claimsIn(['name', 'edu_role']);
const OTHER_CLAIMS = new Set(claimsIn(SCOPES).filter((name) => !ITS_CLAIMS.includes(name)));

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

it('so is each claim of such a scope, wherever it is to be told', async () => {
  const school = region.parties['epos-school'];
  for (const name of OTHER_CLAIMS) {
    for (const place of ['id_token', 'userinfo']) {
      const claims = JSON.stringify({ [place]: { [name]: null } });
      const { url } = await school.start({ scope: 'openid edu_role', claims });
      const page = await visitor().request(url);
      expect(page.headers.get('location') ?? '', `${name} in ${place}`).toContain('error=invalid_scope');
    }
  }
});

it('the parameter «claims» gets what its own scopes carry, and nothing more', async () => {
  const school = region.parties['epos-school'];
  const wanted = Object.fromEntries(ITS_CLAIMS.map((name) => [name, { essential: true }]));
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
    expect(Object.keys(told ?? {}).filter((name) => OTHER_CLAIMS.has(name as Claim))).toEqual([]);
    const text = JSON.stringify(told);
    for (const secret of OF_THE_UNION) expect(text).not.toContain(secret);
  }
  for (const secret of ['9900000000000144', 'lapteva@example.test', 'Лаптева']) {
    expect(scene.open.logged()).not.toContain(secret);
  }
});
