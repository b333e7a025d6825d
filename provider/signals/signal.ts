/**
 * What the gateway tells receivers of events: the names of the events, and what has happened in our own words. The
 * names are those of CAEP 1.0, RISC 1.0 and, for what no standard knows, ours.
 */
import type { ConsentType } from '../../adapters/document-store/document-store.ts';

export const EVENT_TYPES = {
  'session-revoked': 'https://schemas.openid.net/secevent/caep/event-type/session-revoked',
  'account-disabled': 'https://schemas.openid.net/secevent/risc/event-type/account-disabled',
  'account-enabled': 'https://schemas.openid.net/secevent/risc/event-type/account-enabled',
  'account-purged': 'https://schemas.openid.net/secevent/risc/event-type/account-purged',
  'membership-ended': 'urn:union-id:event:membership-ended',
  'consent-withdrawn': 'urn:union-id:event:consent-withdrawn',
} as const;

export type EventName = keyof typeof EVENT_TYPES;

export const SUPPORTED_EVENTS: readonly string[] = Object.values(EVENT_TYPES);

/** SSF 1.0 §8.1.4.1: about the stream itself, whatever was asked for. */
export const VERIFICATION = 'https://schemas.openid.net/secevent/ssf/event-type/verification';

/** CAEP 1.0 §2: who made it happen. */
export type Initiator = 'user' | 'admin' | 'policy' | 'system';

export type Signal = { readonly accountId: string; readonly at: Date } & (
  | {
      readonly name: 'session-revoked';
      readonly initiator: Initiator;
      /**
       * By client: the one session that ended, as that client names it; undefined: all it has of the person. Absent: all
       * of hers everywhere.
       */
      readonly sessions?: ReadonlyMap<string, string | undefined>;
    }
  | { readonly name: 'account-disabled' | 'account-enabled' | 'account-purged' }
  | { readonly name: 'membership-ended' }
  | { readonly name: 'consent-withdrawn'; readonly consent: ConsentType }
  /** A single portal was disconnected by the person. */
  | { readonly name: 'consent-withdrawn'; readonly consent: 'portal'; readonly clientId: string }
);
