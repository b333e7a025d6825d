/** `union-id clients requests`: what developers ask for, and an operator's decision where nobody sits at the pages. */
import type { Command } from 'commander';
import {
  type IntegrationRequest,
  REQUEST_STATES,
  type RequestState,
} from '../../adapters/integration-store/integration-store.ts';
import { integrationEvents } from '../events/integrations.ts';
import { decideRequest, type Verdict } from '../integrations/requests.ts';
import { type CommandLine, Failure } from './command-line.ts';
import { type CommandStores, withStores } from './stores.ts';
import { layOut } from './table.ts';

const LISTED = 200;
const HELP = `
The decision counts within five seconds. No letter leaves from here: the developer reads it on her pages.`;

export function addRequests(clients: Command, line: CommandLine): void {
  clients
    .command('requests')
    .description('what developers ask for: production, or more scopes')
    .option('--state <state>', REQUEST_STATES.join(', '), 'pending')
    .action(({ state }: { state: string }) =>
      withStores(line, (stores) => list(stores, line, stateOf(state))),
    );
  clients
    .command('approve <request>')
    .description('grant what a request asks for')
    .option('--note <text>', 'for the developer')
    .addHelpText('after', HELP)
    .action((id: string, { note }: { note?: string }) =>
      decide(line, id, { kind: 'approved', ...(note !== undefined && { note }) }),
    );
  clients
    .command('refuse <request>')
    .description('refuse a request')
    .requiredOption('--reason <text>', 'for the developer')
    .addHelpText('after', HELP)
    .action((id: string, { reason }: { reason: string }) =>
      decide(line, id, { kind: 'refused', note: reason }),
    );
}

async function list(
  { requests, integrations }: CommandStores,
  line: CommandLine,
  state: RequestState,
): Promise<void> {
  const found = await requests.inState(state, { limit: LISTED });
  if (found.length === 0) return line.note(`There are no requests that are ${state}.`);
  const rows = await Promise.all(
    found.map(async ({ item }) => {
      const integration = await integrations.find(item.clientId);
      return rowOf(item, String(integration?.metadata.client_name ?? ''));
    }),
  );
  const head = ['request', 'asked (UTC)', 'client_id', 'name', 'wanted', 'scopes', 'purpose'];
  for (const row of layOut([head, ...rows])) line.print(row);
}

function rowOf(
  { id, askedAt, clientId, wanted, scopes, purpose }: IntegrationRequest,
  name: string,
): string[] {
  const asked = askedAt.toISOString().slice(0, 16).replace('T', ' ');
  return [id, asked, clientId, name, wanted, scopes.join(' '), purpose.replaceAll(/\s+/g, ' ')];
}

async function decide(line: CommandLine, id: string, verdict: Verdict): Promise<void> {
  await withStores(line, async ({ database, audit, clients, integrations, requests, changes }) => {
    const events = integrationEvents({ record: (entry, within) => audit.append(entry, within) });
    const needs = { integrations, requests, changes, events, clientStore: clients };
    const decided = await database.transaction((within) =>
      decideRequest(needs, { actor: 'operator', origin: {}, within }, id, verdict),
    );
    if (!decided)
      throw new Failure(`No request «${id}» waits. «union-id clients requests» shows those that do.`);
    line.print(`${decided.request.clientId}: ${verdict.kind}`);
  });
}

function stateOf(named: string): RequestState {
  const state = REQUEST_STATES.find((known) => known === named);
  if (!state) throw new Failure(`--state must be one of ${REQUEST_STATES.join(', ')}.`);
  return state;
}
