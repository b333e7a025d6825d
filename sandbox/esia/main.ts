/** `npm run sandbox:esia -- --port N --systems FILE`: the ESIA simulator by itself, for whoever builds a client. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { startEsiaSimulator } from './simulator.ts';
import { readSystems } from './systems.ts';

const USAGE = `npm run sandbox:esia -- --port N --systems FILE [--auto-login PERSON] [--password TEXT] [--issuer URL] [--json]

  --systems     список систем: [{ "mnemonic", "certificates", "redirect_domains", "scopes", "token_alg" }]
  --auto-login  кого впускать без страницы входа, например M-01
  --issuer      iss токенов; по умолчанию адрес стенда с косой чертой
  --json        одна строка JSON вместо таблицы
`;

try {
  await start();
} catch (error) {
  console.error(error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message);
  console.error(`\n${USAGE}`);
  process.exit(78);
}

async function start(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8443' },
      systems: { type: 'string' },
      'auto-login': { type: 'string' },
      password: { type: 'string' },
      issuer: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.systems === undefined) throw new RangeError('Назовите файл со списком систем: --systems FILE');
  const file = resolve(values.systems);
  const simulator = await startEsiaSimulator({
    port: z.coerce.number().int().min(0).max(65_535).parse(values.port),
    systems: readSystems(JSON.parse(readFileSync(file, 'utf8')), dirname(file)),
    autoLogin: values['auto-login'],
    password: values.password,
    issuer: values.issuer,
  });
  const { url, scene } = simulator;
  const people = scene.people.all.map(({ id, oid, family, given, snils, email, mobile, why }) => ({
    id,
    oid,
    name: `${family} ${given}`,
    ...(snils !== undefined && { snils }),
    ...(email && { email: email.value }),
    ...(mobile && { mobile: mobile.value }),
    why,
  }));
  if (values.json) {
    const { issuer, password } = scene;
    console.log(JSON.stringify({ url, issuer, password, people }));
  } else {
    const rows = people.map(({ id, name, snils, email, mobile }) =>
      [id, name, email ?? mobile ?? snils ?? ''].join('\t'),
    );
    console.log(
      [
        `Стенд ЕСИА (не Госуслуги): ${url}`,
        `Почему отказано, поломки, люди: ${url}/developer`,
        `Сертификаты токенов: ${url}/public/`,
        `Пароль каждого: ${scene.password}`,
        ...rows,
      ].join('\n'),
    );
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void simulator.close().then(() => process.exit(0)));
  }
}
