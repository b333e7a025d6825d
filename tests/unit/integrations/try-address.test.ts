/** The page «Попробовать» among an application's own redirect addresses. */
import { expect, it } from 'vitest';
import { fieldFaults } from '../../../provider/integrations/judge.ts';
import { tryAddressOf } from '../../../provider/integrations/try-address.ts';

const tryAddress = tryAddressOf('https://developers.example.org');
const OWN = 'https://library.example.ru/callback';

const codesOf = (redirect_uris: readonly string[], address = tryAddress) =>
  fieldFaults(
    'web',
    {
      ...{ name: 'Library', owner: 'Library', site: 'https://library.example.ru', authentication: 'secret' },
      ...{ redirect_uris, post_logout_redirect_uris: [], optional_claims: [] },
    },
    { sandbox: false, tryAddress: address },
  ).map(({ pointer, code }) => `${pointer} ${code}`);

it('is let in beside one of its own', () => {
  expect(codesOf([OWN, 'https://developers.example.org/try/callback'])).toEqual([]);
});

it('is not enough by itself', () => {
  expect(codesOf(['https://developers.example.org/try/callback'])).toEqual([
    '/redirect_uris field.redirect_needed',
  ]);
});

it.each([
  'https://developers.example.org/try/callback?x=1',
  'https://developers.example.org/callback',
  'https://developers.example.org/try/callback/',
])('%s is another address of a foreign host', (uri) => {
  expect(codesOf([OWN, uri])).toEqual(['/redirect_uris/1 address.foreign_host']);
});

it('is a foreign host where no such portal is configured, and once an application is everybody’s', () => {
  expect(tryAddressOf(undefined)).toBeUndefined();
  const refused = fieldFaults(
    'web',
    {
      ...{ name: 'Library', owner: 'Library', site: 'https://library.example.ru', authentication: 'secret' },
      ...{ redirect_uris: [OWN, tryAddress ?? ''], post_logout_redirect_uris: [], optional_claims: [] },
    },
    { sandbox: false },
  );
  expect(refused.map(({ code }) => code)).toEqual(['address.foreign_host']);
});
