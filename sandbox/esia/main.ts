/** `npm run sandbox:esia -- --port N --systems FILE`: the ESIA simulator by itself, for whoever builds a client. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ENDPOINTS } from '../../adapters/upstream/esia/requests.ts';
import { type Simulator, startEsiaSimulator } from './simulator.ts';
import { readSystems, type Systems } from './systems.ts';

const USAGE = `npm run sandbox:esia -- --port N --systems FILE [--auto-login PERSON] [--password TEXT] [--issuer URL] [--json]

  --port        где слушать; 0 – любой свободный, по умолчанию 8443
  --systems     список систем: [{ "mnemonic", "certificates", "redirect_domains", "scopes", "token_alg" }]
  --auto-login  кого впускать без страницы входа, например M-01
  --password    пароль всех людей; иначе придумывается и печатается
  --issuer      iss токенов; по умолчанию адрес стенда с косой чертой
  --json        одна строка JSON вместо таблицы

Подробно: docs/integrators/esia-simulator.md`;

/** Somebody must correct the command or the file. */
const EXIT_USAGE = 78;
const PORT = /^\d{1,5}$/;
const LAST_PORT = 65_535;

z.config(z.locales.ru());
try {
  await start();
} catch (error) {
  console.error(`${sentence(error)}\n\n${USAGE}`);
  process.exit(EXIT_USAGE);
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
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (values.systems === undefined) throw new RangeError('Назовите файл со списком систем: --systems FILE');
  const simulator = await startEsiaSimulator({
    port: portIn(values.port),
    systems: systemsIn(resolve(values.systems)),
    autoLogin: values['auto-login'],
    password: values.password,
    issuer: values.issuer,
  });
  console.log(values.json ? JSON.stringify(announcement(simulator)) : asTable(simulator));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void simulator.close().then(() => process.exit(0)));
  }
}

function portIn(text: string): number {
  if (PORT.test(text) && Number(text) <= LAST_PORT) return Number(text);
  throw new RangeError(`--port ${text}: нужно число от 0 до ${LAST_PORT}.`);
}

/** Throws RangeError with a sentence that names the file. */
function systemsIn(file: string): Systems {
  try {
    return readSystems(JSON.parse(readFileSync(file, 'utf8')), dirname(file));
  } catch (error) {
    throw new RangeError(`${file}\n${sentence(error)}`);
  }
}

function sentence(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof z.ZodError) return z.prettifyError(error);
  if (error instanceof SyntaxError) return `Это не JSON: ${message}`;
  if (code === 'ENOENT') return 'Такого файла нет.';
  if (code === 'EADDRINUSE') return 'Порт занят: выберите другой, --port N.';
  return message;
}

/** For scripts. */
function announcement({ url, scene: { issuer, password, people, authority } }: Simulator) {
  const at = (path: string) => `${url}${path}`;
  const paths = ({ authorize, token }: { authorize: string; token: string }) => ({
    authorize: at(authorize),
    token: at(token),
  });
  return {
    url,
    issuer,
    endpoints: {
      v1: paths(ENDPOINTS.v1),
      v2: paths(ENDPOINTS.v2),
      person: at('/rs/prns'),
      logout: at('/idp/ext/Logout'),
      developer: at('/developer'),
    },
    certificates: authority.published().map(({ name }) => at(`/public/${name}`)),
    password,
    people: people.all.map(({ id, oid, family, given, snils, email, mobile, why }) => ({
      id,
      oid,
      name: `${family} ${given}`,
      ...(snils !== undefined && { snils }),
      ...(email && { email: email.value }),
      ...(mobile && { mobile: mobile.value }),
      why,
    })),
  };
}

function asTable(simulator: Simulator): string {
  const { url, certificates, password, people } = announcement(simulator);
  return [
    `Стенд ЕСИА (не Госуслуги): ${url}`,
    `Почему отказано, поломки, люди: ${url}/developer`,
    `Сертификаты токенов: ${[`${url}/public/`, ...certificates].join(' ')}`,
    `Пароль каждого: ${password}`,
    ...people.map(({ id, name, snils, email, mobile }) =>
      [id, name, email ?? mobile ?? snils ?? ''].join('\t'),
    ),
  ].join('\n');
}
