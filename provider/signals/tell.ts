/**
 * What has happened becomes events, one for each receiver that may know of it: written in the transaction of the fact,
 * so that none is lost and none is told that did not happen. Knows neither tokens nor how they travel.
 */
import type { ClientMetadata } from '../../adapters/client-store/client-store.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type {
  EventLog,
  EventStreams,
  Receiver,
  StreamFact,
} from '../../adapters/event-stream-store/event-stream-store.ts';
import type { JobQueue } from '../../adapters/job-queue/job-queue.ts';
import { sectorOfMetadata } from '../oidc/client/sector.ts';
import { EVENT_TYPES, type EventName, type Signal } from './signal.ts';

/** May be repeated: a fact is told once. Without `within` it is a transaction of its own. */
export type TellReceivers = (signal: Signal, within?: Queryable) => Promise<void>;

export type TellNeeds = {
  readonly database: Pick<Database, 'transaction'>;
  readonly streams: Pick<EventStreams, 'receiversOf'>;
  readonly log: Pick<EventLog, 'append'>;
  readonly jobs: JobQueue;
  readonly subjectOf: (sector: string, accountId: string) => string;
};

/** What the region may hear of: neither membership nor consents to the Union are its business. */
const FOR_EDUCATION: readonly EventName[] = [
  'session-revoked',
  'account-disabled',
  'account-enabled',
  'account-purged',
];

export function tellReceivers({ database, streams, log, jobs, subjectOf }: TellNeeds): TellReceivers {
  const subject = (metadata: ClientMetadata, accountId: string): string => {
    const sector = sectorOfMetadata(metadata);
    return sector === undefined ? accountId : subjectOf(sector, accountId);
  };

  const tell = async (signal: Signal, tx: Queryable): Promise<void> => {
    const receivers = await streams.receiversOf(signal.accountId, tx);
    for (const { metadata, method } of receivers.filter((receiver) => mayHear(receiver, signal))) {
      const { client_id: clientId } = metadata;
      const session = signal.name === 'session-revoked' ? signal.sessions?.get(clientId) : undefined;
      const fact: StreamFact = {
        clientId,
        type: EVENT_TYPES[signal.name],
        subject: subject(metadata, signal.accountId),
        ...(session !== undefined && { session }),
        detail: detailOf(signal),
        at: signal.at,
      };
      if ((await log.append(fact, tx)) && method === 'push') await jobs.add('event-stream', { clientId }, tx);
    }
  };
  return (signal, within) => (within ? tell(signal, within) : database.transaction((tx) => tell(signal, tx)));
}

/** Of those who know the person. */
function mayHear({ metadata, events, scopes }: Receiver, signal: Signal): boolean {
  if (!events.includes(EVENT_TYPES[signal.name])) return false;
  if (metadata.education === true && !FOR_EDUCATION.includes(signal.name)) return false;
  switch (signal.name) {
    case 'session-revoked':
      return signal.sessions?.has(metadata.client_id) ?? true;
    case 'membership-ended':
      return scopes.includes('membership');
    case 'consent-withdrawn': {
      if (signal.consent === 'portal') return signal.clientId === metadata.client_id;
      if (signal.consent === 'union_pd') return true;
      const conditional = metadata.claims_by_consent as Readonly<Record<string, unknown>> | undefined;
      return conditional?.[signal.consent] !== undefined;
    }
    default:
      return true;
  }
}

/** CAEP 1.0 §2: seconds. */
function detailOf(signal: Signal): StreamFact['detail'] {
  return {
    event_timestamp: Math.floor(signal.at.getTime() / 1_000),
    ...(signal.name === 'session-revoked' && { initiating_entity: signal.initiator }),
    ...(signal.name === 'consent-withdrawn' && { consent: signal.consent }),
  };
}
