/**
 * An identity provider we rely on (ЕСИА, РСАА, any other). Knows neither pages nor accounts: it sends a browser away and
 * reads what comes back. Each has a callback address of its own, so that an answer of one cannot pass for another's.
 */
import type { Identity } from '../identity.ts';
import type { SignerSettings } from '../signer/signer.ts';

/** What may lie in a store between two requests. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Why this person does not come in this time: an answer, not a fault. */
export type Refusal =
  /** «Отмена», or no consent there. */
  | 'cancelled'
  /** The answer is stale, foreign, repeated or mangled. */
  | 'start_again'
  /** Only confirmed people are let in, and this one is not. */
  | 'unconfirmed'
  /** A child's record under a parent's account. */
  | 'child'
  /** Signed in as an organisation or a system. */
  | 'not_a_person'
  /** A second factor is demanded, and the person has none. */
  | 'second_factor_missing';

export interface Upstream {
  /** Names the callback address, the messages and the events. */
  readonly id: string;
  /**
   * `state` is a fresh UUID of version 4, used once. `secret` goes into our store, never to the browser.
   * Throws UpstreamFault.
   */
  begin(at: {
    readonly redirectUri: URL;
    readonly state: string;
    readonly loginHint?: string;
  }): Promise<{ readonly url: URL; readonly secret: Json }>;
  /**
   * `callback` as the browser asked for it, `state` and `secret` as `begin` had them; the caller has taken them out of
   * the store, so that an answer is read once. Throws UpstreamFault.
   */
  complete(callback: URL, state: string, secret: Json): Promise<Identity | { readonly refused: Refusal }>;
}

/** Whether it would answer, without a person. Throws UpstreamFault. */
export interface Probe {
  probe(): Promise<void>;
}

/** Ends the browser's session there. */
export interface RemoteSignOut {
  signOutUrl(returnTo: URL): URL;
}

export type FaultKind =
  /** It is away, slow or talks nonsense: another way in, later again. */
  | 'outage'
  /** It refuses us for something we must correct: for everybody, until somebody does. */
  | 'ours'
  /** Its answer does not prove to be its own. */
  | 'untrusted';

/** `code` is short and safe to log: nothing of the person, no code, no token. */
export class UpstreamFault extends Error {
  override name = 'UpstreamFault';
  readonly kind: FaultKind;
  readonly code: string;
  /** Told by the browser, not to a call of ours: anybody may have written it. */
  readonly isHearsay: boolean;

  constructor(
    kind: FaultKind,
    code: string,
    {
      advice,
      cause,
      isHearsay = false,
    }: { advice?: string | undefined; cause?: unknown; isHearsay?: boolean } = {},
  ) {
    super(advice === undefined ? code : `${code}: ${advice}`, { cause });
    this.kind = kind;
    this.code = code;
    this.isHearsay = isHearsay;
  }
}

type Common = {
  readonly id: string;
  readonly timeoutMilliseconds: number;
  /** Path of PEM certificates to trust for TLS beside the usual ones. */
  readonly ca?: string | undefined;
};

export type EsiaSettings = Common & {
  readonly kind: 'esia';
  /** Origin of the host. */
  readonly url: string;
  /** `iss` of its tokens, character for character. */
  readonly issuer: string;
  /** The mnemonic of our system. */
  readonly clientId: string;
  readonly scope: readonly string[];
  readonly scopeOrg?: string | undefined;
  /** The pair of endpoints, and with it the order of the signed string and its container. */
  readonly protocol: 'v1' | 'v2';
  /** In a CMS signature: with contentType, signingTime and messageDigest. */
  readonly signedAttributes: boolean;
  /** ESIA refuses the unconfirmed itself. */
  readonly confirmedOnly: boolean;
  readonly tokenAlgorithms: readonly ('RS256' | 'GOST3410_2012_256')[];
  /** Folder of ESIA's certificates, looked at while it is used. */
  readonly authorityKeys: string;
  readonly signer: SignerSettings;
};

/** Where a claim of ours is found among theirs. `subject` is `sub` unless named. */
export type ClaimMap = Readonly<Partial<Record<KnownClaim, string>>>;
export type KnownClaim =
  | 'subject'
  | 'family_name'
  | 'given_name'
  | 'middle_name'
  | 'birthdate'
  | 'gender'
  | 'email'
  | 'email_verified'
  | 'phone_number'
  | 'snils'
  | 'groups';

type Standard = Common & {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: readonly string[];
  readonly claims: ClaimMap;
};

/** OpenID Connect with discovery, or plain OAuth 2 whose userinfo is asked who it is. */
export type OidcSettings =
  | (Standard & { readonly kind: 'oidc' })
  | (Standard & {
      readonly kind: 'oauth2';
      readonly authorizationEndpoint: string;
      readonly tokenEndpoint: string;
      readonly userinfoEndpoint: string;
    });

export type UpstreamSettings = EsiaSettings | OidcSettings;
