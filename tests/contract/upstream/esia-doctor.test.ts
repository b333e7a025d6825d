/** The doctor names the one thing that is wrong. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../adapters/clock.ts';
import { openSigner } from '../../../adapters/signer/open-signer.ts';
import { examineHere } from '../../../adapters/upstream/esia/examine-here.ts';
import { examineThere } from '../../../adapters/upstream/esia/examine-there.ts';
import type { EsiaSettings } from '../../../adapters/upstream/upstream.ts';
import { issueCertificate } from '../../../sandbox/esia/issue-certificate.ts';
import {
  type EsiaScene,
  esiaScene,
  folderWith,
  REDIRECT_URI,
  SCOPE,
  silent,
} from '../../support/esia/esia-scene.ts';

let scene: EsiaScene;
beforeEach(async () => {
  scene = await esiaScene();
});
afterEach(() => scene.close());

async function wrongIn(
  change: Partial<EsiaSettings>,
  redirectUri = REDIRECT_URI,
): Promise<readonly string[]> {
  const settings = { ...scene.settings, ...change };
  const options = {
    signer: openSigner(settings.signer, { clock: systemClock, events: silent }),
    clock: systemClock,
    redirectUri,
  };
  const here = await examineHere(settings, options);
  const there = here.certificate ? await examineThere(settings, options, here.certificate) : [];
  return [...here.observations, ...there].filter(({ state }) => state !== 'ok').map(({ area }) => area);
}

test('nothing is wrong', async () => {
  expect(await wrongIn({})).toEqual([]);
  expect(await wrongIn({ protocol: 'v1' })).toEqual([]);
});

test.each<[string, Partial<EsiaSettings>, readonly string[]]>([
  ['a scope that is not granted', { scope: ['openid', 'fullname', 'inn'] }, ['scope']],
  ['a scope nobody knows', { scope: ['openid', 'nonsense'] }, ['scope']],
  ['no openid', { scope: ['fullname'] }, ['scope']],
  ['another mnemonic', { clientId: 'OTHER' }, ['mnemonic']],
  ['a mnemonic that cannot be', { clientId: 'my-esia' }, ['mnemonic', 'mnemonic']],
  ['ESIA’s certificates missing', { authorityKeys: '/nowhere' }, ['authority', 'authority']],
  ['a host that is not there', { url: 'http://localhost:9' }, ['network']],
  ['no pair at all', { signer: { kind: 'js', folder: '/nowhere' } }, ['key']],
])('%s', async (_what, change, areas) => {
  expect(await wrongIn(change)).toEqual(areas);
});

test('an unregistered certificate', async () => {
  const folder = folderWith({ a: issueCertificate({ commonName: 'new', kind: 'gost' }) });
  expect(await wrongIn({ signer: { kind: 'js', folder } })).toEqual(['certificate']);
});

test('a certificate that ends soon', async () => {
  const notAfter = new Date(Date.now() + 5 * 24 * 3_600_000);
  const issued = issueCertificate({ commonName: 'soon', kind: 'gost', notAfter });
  await scene.close();
  scene = await esiaScene({ issued });
  expect(await wrongIn({})).toEqual(['certificate']);
});

test('a clock that is off, on the wire and in the headers', async () => {
  scene.simulator.scene.faults.set({ clock: 900 });
  expect(await wrongIn({})).toEqual(['clock', 'clock']);
});

test('an address that is not registered', async () => {
  expect(await wrongIn({}, new URL('https://evil.test/cb'))).toEqual(['redirect']);
});

test('ESIA in trouble', async () => {
  scene.simulator.scene.faults.set({ ac: '503' });
  expect(await wrongIn({})).toEqual(['authorize']);
  scene.simulator.scene.faults.set({ ac: null, te: 'ESIA-007008' });
  expect(await wrongIn({ scope: SCOPE })).toEqual(['token']);
});
