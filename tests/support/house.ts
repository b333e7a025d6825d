/** The whole gateway in the test's own process, on real stores, with the people of the sandbox. */
import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { readConfig } from '../../provider/config.ts';
import { serve } from '../../provider/serve.ts';
import { type House, wire } from '../../provider/wiring/wiring.ts';
import { generatePasswords, seed } from '../../sandbox/people/people.ts';
import { keepLog } from './run-log.ts';
import { freePort } from './services/free-port.ts';

export const PASSWORD = 'ласточка над озером';

export type OpenHouse = {
  readonly house: House;
  readonly issuer: string;
  /** Where it listens, when the issuer is an address behind a proxy. */
  readonly local: string;
  /** Everything the gateway has logged so far. */
  logged(): string;
  close(): Promise<void>;
};

const secret = (): string => randomBytes(32).toString('base64url');

/** Secrets that several houses on one database must share. */
export const sharedSecrets = {
  COOKIE_KEYS: secret(),
  ENCRYPTION_KEYS: `t1:${secret()}`,
  PASSWORD_PEPPERS: `t1:${secret()}`,
  PAIRWISE_SALT: secret(),
};

export async function openHouse(environment: Record<string, string>, people = true): Promise<OpenHouse> {
  const port = await freePort();
  const issuer = environment.ISSUER ?? `http://localhost:${port}`;
  const config = readConfig({
    ...sharedSecrets,
    ISSUER: issuer,
    HOST: 'localhost',
    PORT: String(port),
    METRICS_PORT: '0',
    SANDBOX: 'on',
    ...environment,
  });
  const lines: string[] = [];
  const log = pino(
    { level: 'debug' },
    new Writable({
      write(line, _encoding, done) {
        lines.push(String(line));
        keepLog(String(line));
        done();
      },
    }),
  );
  const house = await wire(config, log);
  if (people) await seed(house.stores.database, house.hasher, generatePasswords(PASSWORD));
  const server = await serve(config, house, log);
  return {
    house,
    issuer,
    local: `http://localhost:${port}`,
    logged: () => lines.join(''),
    close: () => server.stop('test'),
  };
}
