import { expect, it } from 'vitest';
import { catalogues } from '../../../provider/http/texts.ts';
import {
  type AddressFaultCode,
  type AddressRules,
  type AddressUse,
  addressFault,
} from '../../../provider/integrations/addresses.ts';

const SITE = 'https://portal.example.ru';
type Verdict = AddressFaultCode | 'fine';
type Row = readonly [uri: string, verdict: Verdict];

const judge = (uri: string, rules: Partial<AddressRules> = {}) =>
  addressFault(uri, { use: 'redirect', native: false, sandbox: false, intranet: false, site: SITE, ...rules })
    ?.code ?? 'fine';

const web: readonly Row[] = [
  ['https://portal.example.ru/callback', 'fine'],
  ['https://PORTAL.example.ru/callback', 'fine'],
  ['https://login.portal.example.ru/callback?tenant=1', 'fine'],
  ['https://portal.example.ru:8443/callback', 'fine'],
  ['https://portal.example.ru', 'fine'],
  ['http://portal.example.ru/callback', 'not_https'],
  ['http://localhost:8080/callback', 'not_https'],
  ['http://127.0.0.1/callback', 'not_https'],
  ['https://127.0.0.1/callback', 'address_literal'],
  ['https://localhost/callback', 'address_literal'],
  ['https://portal.example.ru/callback#token', 'fragment'],
  ['https://portal.example.ru/callback#', 'fragment'],
  ['https://portal.example.ru/*', 'wildcard'],
  ['https://*.example.ru/callback', 'wildcard'],
  ['https://portal.example.ru@evil.test/callback', 'user_info'],
  ['https://user:secret@portal.example.ru/callback', 'user_info'],
  ['https://@portal.example.ru/callback', 'user_info'],
  ['https://:@portal.example.ru/callback', 'user_info'],
  ['https:\\\\portal.example.ru\\callback', 'odd_characters'],
  ['https://evil.test\\@portal.example.ru/callback', 'odd_characters'],
  ['https://portal.example.ru/call back', 'odd_characters'],
  ['https://portal.exa\tmple.ru/callback', 'odd_characters'],
  ['https://portal.example.ru/callback\n', 'odd_characters'],
  [' https://portal.example.ru/callback', 'odd_characters'],
  ['https://портал.example.ru/callback', 'odd_characters'],
  ['https://portal。example.ru/callback', 'odd_characters'],
  ['https:///portal.example.ru/callback', 'odd_spelling'],
  ['https:/portal.example.ru/callback', 'odd_spelling'],
  ['https:portal.example.ru/callback', 'odd_spelling'],
  ['https://portal%2eexample.ru/callback', 'odd_spelling'],
  ['https://0x7f.1/callback', 'odd_spelling'],
  ['https://2130706433/callback', 'odd_spelling'],
  ['https://portal.example.ru/a/../callback', 'dot_segments'],
  ['https://portal.example.ru/a/%2e%2E/callback', 'dot_segments'],
  ['https://portal.example.ru/.', 'dot_segments'],
  ['https://10.0.0.1/callback', 'address_literal'],
  ['https://8.8.8.8/callback', 'address_literal'],
  ['https://[2001:db8::1]/callback', 'address_literal'],
  ['https://intranet/callback', 'host_without_domain'],
  ['https://portal.example.ru./callback', 'host_without_domain'],
  ['https://evil.test/callback', 'foreign_host'],
  ['https://evilportal.example.ru/callback', 'foreign_host'],
  ['https://portal.example.ru.evil.test/callback', 'foreign_host'],
  ['https://example.ru/callback', 'foreign_host'],
  ['ru.example.app:/callback', 'not_https'],
  ['javascript:alert(1)', 'scheme_forbidden'],
  ['data:text/html,x', 'scheme_forbidden'],
  ['ftp://portal.example.ru/callback', 'not_https'],
  ['portal.example.ru/callback', 'not_a_url'],
  ['nonsense', 'not_a_url'],
  ['', 'not_a_url'],
  [`https://portal.example.ru/${'a'.repeat(2_000)}`, 'too_long'],
];
it.each(web)('of a web application: %j is %s', (uri, verdict) => {
  expect(judge(uri)).toBe(verdict);
});

const native: readonly Row[] = [
  ['http://127.0.0.1/callback', 'fine'],
  ['http://127.0.0.1:51004/callback', 'fine'],
  ['http://[::1]:51004/callback', 'fine'],
  ['http://localhost/callback', 'fine'],
  ['http://192.168.0.1/callback', 'not_https'],
  ['ru.example.app:/callback', 'fine'],
  ['ru.example.app://callback', 'fine'],
  ['app:/callback', 'scheme_without_dot'],
  ['.app:/callback', 'not_a_url'],
  ['ru..app:/callback', 'scheme_without_dot'],
  ['RU.example.app:/callback', 'odd_spelling'],
  ['ru.example.app:/a/../b', 'dot_segments'],
  ['file:///etc/passwd', 'scheme_forbidden'],
  ['https://portal.example.ru/app', 'fine'],
  ['https://evil.test/app', 'foreign_host'],
];
it.each(native)('of an app on a device: %j is %s', (uri, verdict) => {
  expect(judge(uri, { native: true })).toBe(verdict);
});

const uses: readonly (readonly [AddressUse, string, Verdict])[] = [
  ['backchannel_logout', 'http://127.0.0.1/logout', 'not_https'],
  ['backchannel_logout', 'ru.example.app:/logout', 'not_https'],
  ['post_logout', 'ru.example.app:/', 'fine'],
  ['initiate_login', 'ru.example.app:/login', 'not_https'],
  ['jwks', 'https://portal.example.ru/jwks.json', 'fine'],
  ['jwks', 'http://169.254.169.254/latest', 'not_https'],
];
it.each(uses)('of an app, what only the gateway opens is of the web: %s %j is %s', (use, uri, verdict) => {
  expect(judge(uri, { use, native: true })).toBe(verdict);
});

it('lets this machine in for whoever tries things out, and nobody else in clear', () => {
  expect(judge('http://localhost:8080/callback', { sandbox: true })).toBe('fine');
  expect(judge('http://127.0.0.1:8080/callback', { sandbox: true })).toBe('fine');
  expect(judge('http://portal.example.ru/callback', { sandbox: true })).toBe('not_https');
});

it('lets an operator name what is in her own network', () => {
  for (const uri of [
    'https://10.0.0.1/callback',
    'https://intranet/callback',
    'https://localhost/callback',
  ]) {
    expect(judge(uri, { intranet: true, site: undefined })).toBe('fine');
  }
  expect(judge('http://10.0.0.1/callback', { intranet: true, site: undefined })).toBe('not_https');
});

it('is quick with whatever is written: no address makes it look at each character again and again', () => {
  const odd = [`https:${'a'.repeat(1_990)}`, `https://${'@'.repeat(1_990)}`, `https:${'/'.repeat(1_990)}a`];
  const begun = performance.now();
  for (let time = 0; time < 300; time += 1) for (const uri of odd) judge(uri);
  // Looked at again and again it is two seconds for the first alone, on a machine that has nothing else to do.
  expect(performance.now() - begun).toBeLessThan(1_500);
});

it('says what would be right', () => {
  const rules = { use: 'redirect', native: false, sandbox: false, intranet: false, site: SITE } as const;
  expect(addressFault('https://evil.test/', rules)?.expected).toBe('portal.example.ru');
  expect(addressFault('https:///portal.example.ru/', rules)?.expected).toBe('https://portal.example.ru');
});

it.each(Object.entries(catalogues))('has a text for each fault, in «%s»', (_locale, { api }) => {
  const codes = [...web, ...native].map(([, verdict]) => verdict).filter((verdict) => verdict !== 'fine');
  expect([...new Set(codes)].toSorted()).toEqual(Object.keys(api.address).toSorted());
});
