/** Applications of developers: who created, changed, asked, decided, blocked. Ids and names of fields, never values. */
import type { Queryable } from '../../adapters/database/database.ts';
import type { Recorder, Where } from './recorder.ts';

/** `actor`: an account, or `operator`. */
export type IntegrationEvent = {
  readonly actor: string;
  readonly clientId: string;
  readonly detail?: Readonly<Record<string, string | number>>;
};

type Told = (where: Partial<Where>, event: IntegrationEvent, within: Queryable) => Promise<void>;

export function integrationEvents({ record }: Pick<Recorder, 'record'>) {
  const told =
    (event: string): Told =>
    (where, { actor, clientId, detail }, within) =>
      record({ event, outcome: 'success', actor, clientId, ...(detail && { detail }), ...where }, within);
  return {
    integrationCreated: told('integration_created'),
    integrationChanged: told('integration_changed'),
    integrationRemoved: told('integration_removed'),
    integrationSecretAdded: told('integration_secret_added'),
    integrationSecretRemoved: told('integration_secret_removed'),
    integrationRequested: told('integration_requested'),
    integrationRequestWithdrawn: told('integration_request_withdrawn'),
    integrationApproved: told('integration_approved'),
    integrationRefused: told('integration_refused'),
    integrationBlocked: told('integration_blocked'),
    integrationUnblocked: told('integration_unblocked'),
  };
}

export type IntegrationEvents = ReturnType<typeof integrationEvents>;
