/**
 * The simulator as a stranger uses it: started by its command, spoken to by requests that OpenSSL has signed, its tokens
 * verified with what lies under /public/.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenSsl, opensslWithGost } from '../../support/esia/openssl.ts';

const MAIN = 'sandbox/esia/main.ts';
const SYSTEM = {
  mnemonic: 'MYSYSTEM',
  certificates: ['./my.crt'],
  redirect_domains: ['localhost'],
  scopes: ['openid', 'fullname', 'email'],
  token_alg: 'GOST3410_2012_256',
};
const SCOPE = 'openid fullname';
const REDIRECT_URI = 'http://localhost:5000/callback?from=esia';

type Told = {
  url: string;
  endpoints: Record<'v1' | 'v2', { authorize: string; token: string }> & { person: string };
  certificates: string[];
  password: string;
  people: { id: string }[];
};
let tool: OpenSsl;
let child: ChildProcess;
let told: Told;
const at = (name: string) => join(tool.folder, name);

beforeAll(async () => {
  tool = await opensslWithGost();
  await tool.openssl('genpkey', '-algorithm', 'gost2012_256', '-pkeyopt', 'paramset:A', '-out', 'my.key');
  const certificate = ['-key', 'my.key', '-out', 'my.crt', '-days', '2', '-config', 'openssl.cnf'];
  await tool.openssl('req', '-x509', '-new', '-md_gost12_256', ...certificate);
  const withPem = { ...SYSTEM, mnemonic: 'INLINE', certificates: [readFileSync(at('my.crt'), 'utf8')] };
  writeFileSync(at('systems.json'), JSON.stringify([SYSTEM, { ...withPem, token_alg: 'RS256' }]));
  const args = [MAIN, '--port', '0', '--systems', at('systems.json'), '--auto-login', 'M-02', '--json'];
  child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface(child.stdout!), 'line');
  told = JSON.parse(String(line)) as Told;
});
afterAll(async () => {
  child.kill('SIGTERM');
  expect((await once(child, 'exit'))[0]).toBe(0);
});

const timestamp = () =>
  `${new Date().toISOString().slice(0, 19).replaceAll('-', '.').replace('T', ' ')} +0000`;

/** What both requests have, signed by OpenSSL. */
async function signed(protocol: 'v1' | 'v2', client_id: string, code = '') {
  const [state, time] = [randomUUID(), timestamp()];
  const common = { client_id, redirect_uri: REDIRECT_URI, scope: SCOPE, state, timestamp: time };
  const message =
    protocol === 'v1'
      ? SCOPE + time + client_id + state
      : client_id + SCOPE + time + state + REDIRECT_URI + code;
  writeFileSync(at('message'), message);
  if (protocol === 'v1') {
    const cms = ['cms', '-sign', '-binary', '-md', 'md_gost12_256', '-signer', 'my.crt', '-inkey', 'my.key'];
    const signature = await tool.openssl(...cms, '-outform', 'DER', '-in', 'message');
    return { ...common, client_secret: signature.toString('base64url') };
  }
  const signature = await tool.openssl('dgst', '-md_gost12_256', '-sign', 'my.key', 'message');
  await tool.openssl('x509', '-in', 'my.crt', '-outform', 'DER', '-out', 'my.bin');
  const hash = await tool.openssl('dgst', '-md_gost12_256', '-binary', 'my.bin');
  return {
    ...common,
    client_secret: signature.toString('base64url'),
    client_certificate_hash: hash.toString('hex').toUpperCase(),
  };
}

/** The certificates under /public/ that verify it. */
async function verifiers(token: string): Promise<readonly string[]> {
  const [head, body, mark = ''] = token.split('.');
  writeFileSync(at('signed'), `${head}.${body}`);
  writeFileSync(at('mark'), Buffer.from(mark, 'base64url'));
  const found: string[] = [];
  for (const address of told.certificates) {
    writeFileSync(at('esia.cer'), await (await fetch(address)).text());
    await tool.openssl('x509', '-in', 'esia.cer', '-noout', '-pubkey', '-out', 'esia.pub');
    const digest = address.includes('gost') ? '-md_gost12_256' : '-sha256';
    const verify = ['dgst', digest, '-verify', 'esia.pub', '-signature', 'mark', 'signed'];
    await tool.openssl(...verify).then(
      () => found.push(address.replace(/.*\//, '')),
      () => {},
    );
  }
  return found;
}

describe.each(['v1', 'v2'] as const)('%s', (protocol) => {
  test.each([
    ['MYSYSTEM', 'esia-gost.cer'],
    ['INLINE', 'esia-rsa.cer'],
  ])(
    'no. 34, no. 35: %s comes to a person without a page; %s verifies the tokens',
    async (mnemonic, file) => {
      const { authorize, token } = told.endpoints[protocol];
      const asked = await signed(protocol, mnemonic);
      const query = new URLSearchParams({ ...asked, response_type: 'code', access_type: 'online' });
      const { headers } = await fetch(`${authorize}?${query}`, { redirect: 'manual' });
      const callback = new URL(headers.get('location') ?? '');
      expect(callback.href).toMatch(/^http:\/\/localhost:5000\/callback\?from=esia&code=eyJ/);
      expect(callback.searchParams.get('state')).toBe(asked.state);
      const code = callback.searchParams.get('code') ?? '';
      expect(await verifiers(code)).toEqual([file]);

      const form = await signed(protocol, mnemonic, code);
      const body = new URLSearchParams({
        ...form,
        code,
        grant_type: 'authorization_code',
        token_type: 'Bearer',
      });
      const tokens = (await (await fetch(token, { method: 'POST', body })).json()) as Record<string, string>;
      expect(tokens).toMatchObject({ state: form.state, expires_in: 3_600 });
      expect(await verifiers(tokens.id_token ?? '')).toEqual([file]);
      const person = await fetch(`${told.endpoints.person}/1000000102`, {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      });
      expect(await person.json()).toMatchObject({
        lastName: 'Фёдоров-Ёлкин',
        firstName: 'Артём',
        trusted: true,
      });
    },
  );
});

test('what it prints for scripts: addresses, certificates, people and their password', async () => {
  expect(told.people.map(({ id }) => id)).toContain('M-02');
  expect(told.password).not.toBe('');
  const listed = (await (await fetch(`${told.url}/public/`)).text()).split('\n');
  expect(listed).toEqual(['esia.zip', ...told.certificates.map((address) => address.replace(/.*\//, ''))]);
});

test('what it prints for people names the same', async () => {
  const person = spawn(process.execPath, [MAIN, '--port', '0', '--systems', at('systems.json')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  for await (const line of createInterface(person.stdout)) {
    printed += `${line}\n`;
    if (line.includes('E-10')) break;
  }
  person.kill('SIGTERM');
  for (const word of [
    'не Госуслуги',
    '/developer',
    '/public/esia-gost.cer',
    'Пароль каждого',
    'M-01\tИванова Мария',
  ]) {
    expect(printed).toContain(word);
  }
});

describe('it says what is wrong, how it is used, and ends', () => {
  const list = (change: object) => JSON.stringify([{ ...SYSTEM, ...change }]);
  test.each<[string, string | undefined, readonly string[], RegExp]>([
    [
      'a file that is not there',
      undefined,
      ['--systems', '/nowhere.json'],
      /\/nowhere\.json\s+Такого файла нет/,
    ],
    ['an unknown key', undefined, ['--prot', '1'], /--prot/],
    ['no JSON', '{', [], /Это не JSON/],
    [
      'a mnemonic that cannot be',
      list({ mnemonic: 'my-esia' }),
      [],
      /заглавные буквы.*\s+→ at \[0\]\.mnemonic/,
    ],
    ['two of one mnemonic', JSON.stringify([SYSTEM, SYSTEM]), [], /Мнемоника MYSYSTEM указана дважды/],
    [
      'a certificate that is not there',
      list({ certificates: ['no.crt'] }),
      [],
      /Сертификат .*no\.crt не читается: ENOENT/,
    ],
    ['nobody of that id', list({}), ['--auto-login', 'M-99'], /нет человека «M-99»; есть M-01/],
    ['no port', list({}), ['--port', 'http'], /--port http: нужно число/],
  ])('%s', async (_what, content, more, sentence) => {
    const args = [MAIN, '--port', '0', ...more];
    if (content !== undefined) {
      writeFileSync(at('bad.json'), content);
      args.push('--systems', at('bad.json'));
    }
    const failing = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const [said, [ended]] = await Promise.all([text(failing.stderr), once(failing, 'exit')]);
    expect(said).toMatch(sentence);
    expect(said).toContain('npm run sandbox:esia -- --port N --systems FILE');
    expect(said).not.toMatch(/\n\s+at .+:\d+:\d+/);
    expect(ended).toBe(78);
  });
  test('a port that is taken', async () => {
    const args = [MAIN, '--port', new URL(told.url).port, '--systems', at('systems.json')];
    const failing = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const [said, [ended]] = await Promise.all([text(failing.stderr), once(failing, 'exit')]);
    expect(said).toContain('Порт занят');
    expect(ended).toBe(78);
  });
});
