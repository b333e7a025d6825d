/**
 * What follows from a consent, committed together with it: open services, open channels, news for the recipient of the
 * data. Knows neither pages nor how anything is delivered.
 */
import type { AccountId, ServiceRegister } from '../../adapters/account-store/account-store.ts';
import type { ConsentEvents } from '../../adapters/consent-events/consent-events.ts';
import type { Queryable } from '../../adapters/database/database.ts';
import type { Channel, ConsentType, StoredDocument } from '../../adapters/document-store/document-store.ts';
import type { JobQueue } from '../../adapters/job-queue/job-queue.ts';
import { CHANNELS, type MessageChannels, SENDERS } from '../../adapters/message-channels/message-channels.ts';
import type { TellReceivers } from '../signals/tell.ts';

/** The recipient that lives on each consent; the others are the union's own. */
export const RECIPIENT = 'finfort';

export type ConsentChange = {
  readonly accountId: AccountId;
  readonly type: ConsentType;
  readonly at: Date;
  /** The consent that is in force now; undefined when it has ended. */
  readonly inForce: StoredDocument | undefined;
  /** Set by the chair in the member's card, not by the person herself (E-13). */
  readonly onPaper: boolean;
};

export type ConsentEffects = (change: ConsentChange, within: Queryable) => Promise<void>;

export type EffectNeeds = {
  readonly services: ServiceRegister;
  readonly channels: MessageChannels;
  readonly consentEvents: ConsentEvents;
  readonly jobs: JobQueue;
  /** The name the recipient knows a person by. */
  readonly recipientSubject: (accountId: AccountId) => string;
  readonly unsubscribeToken: (accountId: AccountId, channel: Channel) => string;
  readonly tellReceivers: TellReceivers;
};

export function consentEffects(needs: EffectNeeds): ConsentEffects {
  const { services, channels, jobs, tellReceivers } = needs;

  const effects: Readonly<Record<ConsentType, ConsentEffects>> = {
    async union_pd({ accountId, inForce, at }, within) {
      const hasTurned = await (inForce
        ? services.reopenServices(accountId, within)
        : services.endServices(accountId, within));
      // Whom a portal may serve no more is, to that portal, an account that is disabled.
      const name = inForce ? 'account-enabled' : 'account-disabled';
      if (hasTurned) await tellReceivers({ name, accountId, at }, within);
    },
    async finfort_pd(change, within) {
      if (await tellRecipient(needs, change, within)) await jobs.add('consent-events', {}, within);
    },
    async union_messages({ accountId, inForce, at, onPaper }, within) {
      if (!inForce) return channels.closeAll(accountId, at, onPaper ? 'paper' : 'withdrawal', within);
      await channels.open(
        accountId,
        {
          // A tick on paper is for all of them.
          channels: inForce.channels ?? CHANNELS,
          senders: inForce.senders ?? SENDERS,
          at,
          tokenOf: (channel) => needs.unsubscribeToken(accountId, channel),
        },
        within,
      );
    },
  };

  return async (change, within) => {
    await effects[change.type](change, within);
    const { accountId, type, inForce, at } = change;
    if (!inForce) await tellReceivers({ name: 'consent-withdrawn', consent: type, accountId, at }, within);
    const until = new Date().toISOString();
    if (!inForce) await jobs.add('consent-ended', { accountId, type, until }, within);
  };
}

async function tellRecipient(
  { consentEvents, recipientSubject }: EffectNeeds,
  { accountId, inForce, at }: ConsentChange,
  within: Queryable,
): Promise<boolean> {
  return consentEvents.append(
    RECIPIENT,
    {
      type: inForce ? 'granted' : 'withdrawn',
      subject: recipientSubject(accountId),
      at,
      ...(inForce && !inForce.paper && { version: inForce.version }),
    },
    within,
  );
}
