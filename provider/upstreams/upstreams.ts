/**
 * The upstreams as the pages see them: which can be offered, how to send somebody there, what came back. Health, time
 * limits, the operator's switch and the attempts in the store are behind it; accounts and pages are not known here.
 */
import type { Identity } from '../../adapters/identity.ts';
import type { Refusal } from '../../adapters/upstream/upstream.ts';

export type UpstreamId = string;

/** `degraded`: it may work, but other ways come first. `off`: no button, no way in. */
export type UpstreamState = 'up' | 'degraded' | 'off';

export type UpstreamOffer = {
  readonly id: UpstreamId;
  readonly kind: 'esia' | 'oidc' | 'oauth2';
  /** As the person knows it: «Госуслуги», «РСАА». */
  readonly name: { readonly ru: string; readonly en: string };
  readonly state: UpstreamState;
  /** Where somebody without an account there gets one. */
  readonly registrationUrl?: string;
};

/** What an attempt belongs to. It ends where it began: in this interaction, or in this cabinet session. */
export type AttemptOwner =
  | { readonly kind: 'interaction'; readonly uid: string }
  | { readonly kind: 'cabinet'; readonly sessionUid: string; readonly accountId: string };

export type Departure =
  | { readonly kind: 'away'; readonly to: URL }
  /** Down, off or misconfigured: the page says so and offers the other ways in. */
  | { readonly kind: 'unavailable' };

export type Arrival =
  | { readonly kind: 'identity'; readonly upstream: UpstreamOffer; readonly identity: Identity }
  | { readonly kind: 'refused'; readonly reason: Refusal }
  | { readonly kind: 'unavailable' };

export interface Upstreams {
  /** In the order of the configuration, those that are off included. */
  offers(): readonly UpstreamOffer[];
  /**
   * Looks first whether it answers at all, which takes seconds at the most. `source`: what throttles count by. Throws
   * GatewayError('not_found') for an unknown id.
   */
  depart(id: UpstreamId, owner: AttemptOwner, source: string): Promise<Departure>;
  /** True while an attempt of this owner is still out: she has come back by herself. */
  isOut(id: UpstreamId, owner: AttemptOwner): Promise<boolean>;
  /** Whose attempt an answer at the callback address belongs to, by its `state`; takes nothing. */
  ownerOf(id: UpstreamId, state: string): Promise<AttemptOwner | undefined>;
  /** Takes the attempt – once, whatever comes of it – and reads the answer. Another owner's, or none: `start_again`. */
  arrive(id: UpstreamId, callback: URL, owner: AttemptOwner): Promise<Arrival>;
  /** Where her session there ends, to come back to our start page. Undefined when it cannot be ended from here. */
  signOutUrl(id: UpstreamId): URL | undefined;
}
