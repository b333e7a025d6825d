/** News and the people they go to, one row each. Knows neither letters nor how a message travels. */
import type { AccountId } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';
import type { Channel } from '../document-store/document-store.ts';

export type NewsIssue = {
  readonly id: string;
  readonly channel: Channel;
  /** `organisation`: from one of the union's organisations to its own members. */
  readonly from:
    | { readonly sender: 'union' }
    | { readonly sender: 'organisation'; readonly organisationId: string };
  readonly subject: string;
  readonly body: string;
};

/** Somebody to whom an issue has not gone yet, with what is needed to reach her. */
export type Delivery = {
  readonly issue: NewsIssue;
  readonly accountId: AccountId;
  /** False when she has closed the channel meanwhile. */
  readonly agreed: boolean;
  readonly phone?: string;
};

/** `reason`: why somebody was left out. */
export type DeliveryOutcome =
  | { readonly state: 'handed_over' }
  | { readonly state: 'skipped'; readonly reason: string };

export interface NewsStore {
  organisationExists(id: string): Promise<boolean>;
  /** How many have agreed to this channel and sender, and how many of them are on the issue's list already. */
  audience(issue: NewsIssue): Promise<{ readonly agreed: number; readonly listed: number }>;
  /** May be repeated. */
  announce(issue: NewsIssue): Promise<void>;
  /**
   * Puts up to `limit` people after `after` on the list, nobody twice; the last of them and how many were new, or
   * undefined when there are no more.
   */
  list(
    issue: NewsIssue,
    after: AccountId | undefined,
    limit: number,
  ): Promise<{ readonly last: AccountId; readonly seen: number; readonly added: number } | undefined>;
  /**
   * Up to `limit` deliveries that nobody else is working on; what `deliver` does within the transaction is committed
   * together with its outcome. How many there were.
   */
  work(
    limit: number,
    deliver: (delivery: Delivery, within: Queryable) => Promise<DeliveryOutcome>,
  ): Promise<number>;
  /** One delivery as it is now; undefined when the account or the issue is gone. */
  delivery(issueId: string, accountId: AccountId): Promise<Delivery | undefined>;
}
