/** What the steps of an integration's life have in common, and the one way to write down what was done. */
import type { ClientStore } from '../../adapters/client-store/client-store.ts';
import type { Queryable } from '../../adapters/database/database.ts';
import type {
  IntegrationChange,
  IntegrationChanges,
  IntegrationRequests,
  IntegrationSecrets,
  IntegrationStore,
  IntegrationTesters,
} from '../../adapters/integration-store/integration-store.ts';
import type { IntegrationEvents } from '../events/integrations.ts';
import type { Where } from '../events/recorder.ts';
import type { Post } from '../letters/post.ts';

export type IntegrationNeeds = {
  readonly integrations: IntegrationStore;
  readonly testers: IntegrationTesters;
  readonly integrationSecrets: IntegrationSecrets;
  readonly requests: IntegrationRequests;
  readonly changes: IntegrationChanges;
  readonly clientStore: Pick<ClientStore, 'save' | 'setBlocked' | 'remove'>;
  readonly events: IntegrationEvents;
  readonly post: Post;
  /** Of «Попробовать», for applications in test. */
  readonly tryAddress?: string | undefined;
};

/** Who does it, from where, in which transaction. */
export type Act = {
  /** An account, or `operator`. */
  readonly actor: string;
  readonly origin: Partial<Where>;
  readonly within: Queryable;
};

/** Both the owner's log and the trail, or neither. */
export async function noteChange(
  { changes, events }: Pick<IntegrationNeeds, 'changes' | 'events'>,
  { actor, origin, within }: Act,
  event: keyof IntegrationEvents,
  clientId: string,
  { before, after }: Pick<IntegrationChange, 'before' | 'after'> = {},
): Promise<void> {
  const what = event
    .replace(/^integration/, '')
    .replaceAll(/(?!^)[A-Z]/g, (letter) => `_${letter}`)
    .toLowerCase();
  await changes.append(clientId, { actor, what, ...(before && { before }), ...(after && { after }) }, within);
  const fields = Object.keys(after ?? before ?? {}).join(' ');
  await events[event](origin, { actor, clientId, ...(fields !== '' && { detail: { fields } }) }, within);
}
