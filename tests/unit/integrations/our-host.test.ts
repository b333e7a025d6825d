/** An application lives anywhere but at the gateway's own host, also when its site is the domain above it. */
import { expect, it } from 'vitest';
import { fieldFaults } from '../../../provider/integrations/judge.ts';

const issuer = 'https://id.example.ru';

const codesOf = (site: string, redirectUri: string) =>
  fieldFaults(
    'web',
    {
      ...{ name: 'Library', owner: 'Library', site, authentication: 'secret', optional_claims: [] },
      ...{ redirect_uris: [redirectUri], post_logout_redirect_uris: [] },
    },
    { sandbox: false, issuer },
  ).map(({ pointer, code }) => `${pointer} ${code}`);

it.each([
  [
    'https://id.example.ru',
    'https://id.example.ru/cb',
    ['/site field.our_site', '/redirect_uris/0 field.our_site'],
  ],
  ['https://ID.example.ru', 'https://id.example.ru:443/cb', ['/redirect_uris/0 field.our_site']],
  ['https://example.ru', 'https://id.example.ru/cabinet', ['/redirect_uris/0 field.our_site']],
  ['https://example.ru', 'https://quiz.example.ru/cb', []],
])('%s, with answers to %s', (site, redirectUri, faults) => {
  expect(codesOf(site, redirectUri)).toEqual(expect.arrayContaining(faults));
  if (faults.length === 0) expect(codesOf(site, redirectUri)).toEqual([]);
});
