/** `union-id clients`: relying parties registered, blocked and removed. Running gateways follow within five seconds. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { ZodError } from 'zod';
import type { ClientRecord } from '../../adapters/client-store/client-store.ts';
import { clientJudge, complete, type Metadata, parseMetadata } from './client-registration.ts';
import { addRequests } from './client-requests.ts';
import { type CommandLine, Failure } from './command-line.ts';
import { type CommandStores, withStores } from './stores.ts';
import { layOut } from './table.ts';

const REGISTERED_BY = 'operator';
const ADD_HELP = `
FILE holds one object or an array of objects with the fields of RFC 7591 (redirect_uris, client_name, scope, …) and
ours: first_party (no consent page), required_membership (list of member, applicant, none), released_claims (list),
claims_by_consent (such as {"finfort_pd": ["email"]}), owner, sector, require_pkce, minimum_acr, allowed_doors;
required_roles (one of them is enough: staff, parent, learner for a relying party of ЭПОС, union_operator, administrator
for any other), max_session_seconds (300…43200: whoever signed in longer ago signs in again). Without client_id one is
made; without client_secret, 256 random bits for whoever authenticates with a secret. A secret made here is shown once
and never again. Nothing is stored unless all are right.`;

export function addClients(program: Command, line: CommandLine): void {
  const clients = program.command('clients').description('relying parties');

  clients
    .command('list')
    .description('who is registered')
    .option('--json', 'with their metadata, but without secrets')
    .action(async ({ json }: { json?: boolean }) => {
      const records = await withStores(line, ({ clients }) => clients.list());
      for (const row of json ? [JSON.stringify(records.map(toJson), null, 2)] : layOut(toRows(records))) {
        line.print(row);
      }
    });

  clients
    .command('add <file>')
    .description('register the clients of a JSON file')
    .option(
      '--replace',
      'also those that are registered already; a secret that the file does not name is kept',
    )
    .addHelpText('after', ADD_HELP)
    .action(async (file: string, { replace }: { replace?: boolean }) => {
      const wanted = await readMetadata(file);
      await withStores(line, (stores) => add(stores, line, wanted, replace === true));
    });

  addRequests(clients, line);

  const onOne = (name: string, description: string, event: string, act: OnOne, done: string) =>
    clients
      .command(`${name} <id>`)
      .description(description)
      .action(async (id: string) => {
        await withStores(line, async (stores) => {
          if (!(await act(stores, id))) {
            throw new Failure(`There is no client «${id}». «union-id clients list» shows who is registered.`);
          }
          await stores.audit.append({ event, outcome: 'success', actor: 'operator', clientId: id });
        });
        line.print(`${id}: ${done}`);
      });
  onOne(
    'block',
    'refuse every request of a client',
    'client_block',
    ({ clients }, id) => clients.setBlocked(id, true),
    'blocked; gateways refuse it within five seconds',
  );
  onOne(
    'unblock',
    'let a blocked client in again',
    'client_unblock',
    ({ clients }, id) => clients.setBlocked(id, false),
    'let in again within five seconds',
  );
  onOne(
    'remove',
    'forget a client for good',
    'client_remove',
    async ({ clients }, id) => {
      const found = await clients.find(id);
      if (found) await clients.remove(id);
      return found !== undefined;
    },
    'removed',
  );
}

/** False when there is no such client. */
type OnOne = (stores: CommandStores, id: string) => Promise<boolean>;

async function readMetadata(file: string): Promise<readonly Metadata[]> {
  try {
    return parseMetadata(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new Failure(`${file} is not JSON: ${error.message}`);
    if (error instanceof ZodError) throw new Failure(`${file} must hold one object or an array of objects.`);
    throw new Failure(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

async function add(
  { clients, keys, audit }: CommandStores,
  line: CommandLine,
  wanted: readonly Metadata[],
  replace: boolean,
): Promise<void> {
  await keys.ensure();
  const judge = clientJudge(line.config(), await keys.list());
  const faults: string[] = [];
  const accepted = [];
  const ids = new Set<string>();
  for (const [at, metadata] of wanted.entries()) {
    const known =
      metadata.client_id === undefined ? undefined : await clients.find(String(metadata.client_id));
    const kept = known?.metadata.client_secret;
    const client = complete({ ...(kept !== undefined && { client_secret: kept }), ...metadata });
    const name = metadata.client_id === undefined ? `client ${at + 1}` : client.client_id;
    const fault =
      (known && !replace && 'is registered already; --replace overwrites it') ||
      (ids.has(client.client_id) && 'is in the file twice') ||
      (await judge(client));
    if (fault) faults.push(`${name}: ${fault}`);
    ids.add(client.client_id);
    const secretIsNew = metadata.client_secret === undefined && kept === undefined;
    accepted.push({ client, secret: secretIsNew ? client.client_secret : undefined });
  }
  if (faults.length > 0) throw new Failure(`Nothing was registered.\n${faults.join('\n')}`);

  for (const { client, secret } of accepted) {
    await clients.save(client, REGISTERED_BY);
    await audit.append({
      event: 'client_register',
      outcome: 'success',
      actor: 'operator',
      clientId: client.client_id,
    });
    line.print(`client_id      ${client.client_id}`);
    if (secret !== undefined) line.print(`client_secret  ${secret}`);
  }
  if (accepted.some(({ secret }) => secret !== undefined)) {
    line.note('The secrets are shown this once: hand them over by a safe way.');
  }
}

function toRows(records: readonly ClientRecord[]): string[][] {
  const rows = records.map(({ metadata, blockedAt, registeredBy }) => [
    metadata.client_id,
    String(metadata.client_name ?? ''),
    String(metadata.token_endpoint_auth_method ?? 'client_secret_basic'),
    blockedAt ? 'blocked' : 'active',
    String(metadata.stage ?? ''),
    String(metadata.owner ?? ''),
    registeredBy,
  ]);
  return [['client_id', 'name', 'authentication', 'state', 'stage', 'owner', 'registered by'], ...rows];
}

function toJson({ metadata, secrets: __, ...record }: ClientRecord) {
  const { client_secret: _, ...shown } = metadata;
  return { ...shown, ...record };
}
