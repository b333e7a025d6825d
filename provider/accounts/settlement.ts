/** What becomes of a proved identity, as the pages need to know it. How it is decided: resolve.ts; how done: settle.ts. */
import type { MismatchKind } from '../../adapters/case-store/case-store.ts';
import type { Identity } from '../../adapters/identity.ts';
import type { Where } from '../events/recorder.ts';
import type { Acr } from '../login/assurance.ts';
import type { Amr } from '../login/login-method.ts';
import type { UpstreamOffer } from '../upstreams/upstreams.ts';

/** A case of the union's side, as the person is told of it: kinds, never values. */
export type OpenedCase = { readonly number: string; readonly kinds: readonly MismatchKind[] };

export type Settlement =
  | {
      readonly kind: 'signed-in';
      readonly accountId: string;
      readonly acr: Acr;
      readonly amr: readonly Amr[];
    }
  /**
   * Nobody is signed in yet: she proves an account she has, or – unless it is certain that she has one – gets a new one.
   * `mailedCode`: a code may go to the address that both sides know.
   */
  | { readonly kind: 'prove'; readonly mailedCode: boolean; readonly mayCreate: boolean }
  | { readonly kind: 'case'; readonly opened: OpenedCase }
  | { readonly kind: 'refused'; readonly reason: 'unconfirmed' | 'account_unavailable' };

export type Proved = {
  readonly identity: Identity;
  readonly upstream: UpstreamOffer;
  readonly clientId: string;
};

export interface Settling {
  /** Whose identity it is. Links by itself only what design.md §4 allows to. Idempotent. */
  settle(where: Where, proved: Proved): Promise<Settlement>;
  /** She has proved this account, too: links, unless its data contradict the identity's. */
  link(where: Where, proved: Proved, accountId: string): Promise<Settlement>;
  /** A new account for it, with the name the upstream told. */
  create(where: Where, proved: Proved, locale: 'ru' | 'en'): Promise<Settlement>;
}

/** An identity that waits for its account to be proved: sealed, for a quarter of an hour. */
export interface PendingIdentities {
  /** `owner`: the interaction's uid, or the cabinet session's. A former one of the same owner is gone. */
  hold(owner: string, proved: Proved): Promise<void>;
  look(owner: string): Promise<Proved | undefined>;
  /** Atomic: of parallel calls one gets it. */
  take(owner: string): Promise<Proved | undefined>;
}
