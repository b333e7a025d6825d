/** What the word of an upstream is good for: one row per kind of upstream. */
import type { UpstreamOffer } from '../upstreams/upstreams.ts';

export type LinkingPolicy = {
  /** Somebody whose identity was not proved there. */
  readonly unconfirmed: 'refused' | 'taken';
  /** `links`: a person found by it is that person, by itself. `ignored`: anybody could have typed it. */
  readonly snils: 'links' | 'ignored';
  /** `given`: to the account it makes. `compared`: it may help to find one, and no more. */
  readonly email: 'given' | 'compared';
};

const SELF_DECLARED: LinkingPolicy = { unconfirmed: 'taken', snils: 'ignored', email: 'compared' };

export const LINKING_POLICIES: Readonly<Record<UpstreamOffer['kind'], LinkingPolicy>> = {
  esia: { unconfirmed: 'refused', snils: 'links', email: 'given' },
  oidc: SELF_DECLARED,
  oauth2: SELF_DECLARED,
};
