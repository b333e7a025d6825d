/**
 * The ways a person has agreed to be written to, as they are at this moment: opened by a consent, closed by its
 * withdrawal or by one click in a letter. Knows neither texts nor pages.
 */
import type { AccountId } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';
import type { Channel, Sender } from '../document-store/document-store.ts';

export const CHANNELS: readonly Channel[] = ['email', 'sms', 'push'];
export const SENDERS: readonly Sender[] = ['union', 'organisations'];

export type ClosedBy = 'link' | 'withdrawal' | 'new_consent' | 'paper';

export type MessageChannel = {
  readonly channel: Channel;
  readonly senders: readonly Sender[];
  readonly openedAt: Date;
  readonly closed?: { readonly at: Date; readonly by: ClosedBy };
};

/** `tokenOf`: the secret of the link that closes this channel and does nothing else. */
export type OpenedChannels = {
  readonly channels: readonly Channel[];
  readonly senders: readonly Sender[];
  readonly at: Date;
  readonly tokenOf: (channel: Channel) => string;
};

export interface MessageChannels {
  channelsOf(id: AccountId): Promise<readonly MessageChannel[]>;
  /** These are open from now on and the others closed; what has changed since `at` stays as it is. */
  open(id: AccountId, opened: OpenedChannels, within: Queryable): Promise<void>;
  /** Whatever was opened until `at`. */
  closeAll(id: AccountId, at: Date, by: ClosedBy, within: Queryable): Promise<void>;
  /** The one channel a link stands for. Undefined when it was closed already, or the token is nobody's. */
  closeByToken(
    token: string,
    within: Queryable,
  ): Promise<{ readonly accountId: AccountId; readonly channel: Channel } | undefined>;
}
