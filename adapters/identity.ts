/** Who somebody is, for good: only issuer and subject together name a person (OpenID Connect Core 5.7). */
export type IdentityKey = { readonly issuer: string; readonly subject: string };

/** Claims as the issuer gave them; never trusted for identification. */
export type Claims = Readonly<Record<string, unknown>>;

/** A proof of who is there. `verifiedEmail` exists only where the issuer vouches for it. */
export type Identity = IdentityKey & { readonly claims: Claims; readonly verifiedEmail?: string };
