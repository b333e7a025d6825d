/** `npm run sandbox`: the whole federation on one machine, with people to try. Loopback only, never for production. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SingleBar } from 'cli-progress';
import { pino } from 'pino';
import { z } from 'zod';
import { readConfig } from '../provider/config.ts';
import { serve } from '../provider/serve.ts';
import { wire } from '../provider/wiring/wiring.ts';
import { asTable, type Federation } from './announce.ts';
import { startMessageCatcher } from './catchers/messages.ts';
import { startRecipient } from './catchers/recipient.ts';
import { blockedClient, extraClients, portalClients, registerClient, sampleClient } from './clients.ts';
import { freshDatabase } from './database-template.ts';
import { developersClient, developersProcess } from './developers.ts';
import { kioskClient, kioskProcess } from './kiosk.ts';
import { startMailCatcher } from './mail-catcher/mail-catcher.ts';
import { describePeople, generatePasswords } from './people/people.ts';
import { populate } from './populate.ts';
import { startPortals } from './portal-process.ts';
import { unionProcesses } from './portals.ts';
import { busyPort } from './ports.ts';
import { profcardsClients, profcardsProcesses } from './profcards.ts';
import { eposClients, eposProcesses } from './region.ts';
import { startRegistry } from './registry/registry.ts';
import { secretsIn } from './secrets.ts';
import { readSettings, type SandboxSettings } from './settings.ts';
import { startUpstreams } from './upstreams.ts';

function settingsOrExit(): SandboxSettings {
  try {
    return readSettings(process.env, process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof z.ZodError ? z.prettifyError(error) : error);
    process.exit(78);
  }
}

const settings = settingsOrExit();
const busy = await busyPort(Object.values(settings.ports));
if (busy !== undefined) {
  console.error(`Порт ${busy} занят. Освободите его или выберите другие: SANDBOX_PORT=4000 npm run sandbox`);
  process.exit(1);
}
const bar = new SingleBar({ format: '  {bar} {step}', stream: process.stderr, clearOnComplete: true });
const steps = ['почта, АИС, ЕСИА и РСАА', 'база данных', 'люди', 'приложения', 'порталы', 'готово'];
const step = (at: number) => bar.update(at, { step: steps[at] });
if (!settings.json) bar.start(steps.length - 1, 0, { step: steps[0] });

mkdirSync(settings.data, { recursive: true });
const secrets = await secretsIn(settings.data, () => generatePasswords(settings.password));
const passwords = settings.password ? generatePasswords(settings.password) : secrets.passwords;
const mail = await startMailCatcher({ smtpPort: settings.ports.smtp, webPort: settings.ports.mailWeb });
const registryToken = randomBytes(32).toString('base64url');
const registry = await startRegistry({
  port: settings.ports.registry,
  token: registryToken,
  file: join(settings.data, 'registry.sqlite'),
});
const recipientToken = randomBytes(32).toString('base64url');
const recipient = await startRecipient(settings.ports.recipient, recipientToken);
const messagesToken = randomBytes(32).toString('base64url');
const messages = await startMessageCatcher(settings.ports.messages, messagesToken);
const upstreams = await startUpstreams(settings, secrets, mail.smtpUrl);

step(1);
const log = pino({ level: settings.logLevel }, pino.destination(2));
const databaseDirectory = join(settings.data, 'database');
if (!('DATABASE_URL' in settings.servers)) await freshDatabase(databaseDirectory);
const config = readConfig({
  ISSUER: settings.issuer,
  DEVELOPERS_URL: settings.urls.developers,
  HOST: 'localhost',
  PORT: String(settings.ports.gateway),
  METRICS_PORT: '0',
  DATA_DIR: databaseDirectory,
  COOKIE_KEYS: secrets.cookieKey,
  ENCRYPTION_KEYS: `sandbox:${secrets.encryptionKey}`,
  PASSWORD_PEPPERS: `sandbox:${secrets.pepper}`,
  PAIRWISE_SALT: secrets.pairwiseSalt,
  INITIAL_ACCESS_TOKEN: secrets.initialAccessToken,
  SMTP_URL: mail.smtpUrl,
  ...(settings.register === 'ais' && { REGISTRY_URL: registry.url, REGISTRY_TOKEN: registryToken }),
  REGISTRY_POLL_SECONDS: '1',
  RECIPIENT_FINFORT_URL: recipient.url,
  RECIPIENT_FINFORT_TOKEN: recipientToken,
  MESSENGER_URL: messages.url,
  MESSENGER_TOKEN: messagesToken,
  UPSTREAMS: upstreams.variable,
  SANDBOX: 'on',
  THROTTLE: settings.throttled ? 'on' : 'off',
  ...settings.servers,
});
const house = await wire(config, log);

step(2);
await populate({ config, house, settings, upstreams }, passwords);

step(3);
const extra = extraClients(settings.clientsFile);
const integrators = [
  sampleClient(secrets),
  registerClient(secrets),
  ...profcardsClients(settings, secrets),
  ...extra,
];
const ours = [
  ...portalClients(settings, secrets),
  ...eposClients(settings, secrets),
  developersClient(settings, secrets),
  kioskClient(settings),
];
for (const client of [...ours, ...integrators, blockedClient]) {
  await house.clients.save(client, 'sandbox');
  // The library judges the metadata when it first reads them: better now than at somebody's sign-in.
  await house.gateway.provider().Client.find(client.client_id);
}
await house.clients.setBlocked(blockedClient.client_id, true);

step(4);
const server = await serve(config, house, log);
const processes = [
  ...unionProcesses(settings, secrets),
  ...profcardsProcesses(settings, secrets),
  ...eposProcesses(settings, secrets),
  developersProcess(settings, secrets),
  kioskProcess(settings),
];
const portals = await startPortals(settings.portals ? processes : [], settings, secrets);
step(5);
bar.stop();

const federation: Federation = {
  issuer: settings.issuer,
  workplace: `${settings.issuer}/staff`,
  portals: settings.portals ? { ...settings.urls, ...settings.region.subsystems } : {},
  upstreams: upstreams.urls,
  registry: registry.url,
  mail: { web: mail.webUrl, api: mail.apiUrl },
  recipient: { web: recipient.webUrl, api: recipient.url },
  messages: { web: messages.webUrl, api: messages.url },
  people: describePeople(passwords, upstreams.doors),
  clients: integrators.map(({ client_id, client_secret, redirect_uris }) => ({
    client_id,
    ...(client_secret !== undefined && { client_secret }),
    ...(Array.isArray(redirect_uris) && { redirect_uris: redirect_uris as string[] }),
  })),
  initial_access_token: secrets.initialAccessToken,
};
console.log(settings.json ? JSON.stringify(federation) : asTable(federation));

async function stop(): Promise<void> {
  await portals.stop();
  await server.stop('sandbox');
  await registry.close();
  await mail.close();
  await recipient.close();
  await messages.close();
  await upstreams.stop();
  if (!settings.keepsData) rmSync(settings.data, { recursive: true, force: true });
  process.exit(0);
}
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());
