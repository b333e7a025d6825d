/** What a portal keeps about a person while she is signed in: what it makes of the claims, no more; JSON. */
export type Profile = object;

/** Throws PortalError when the claims are none that this portal may have. */
export type ReadProfile = (claims: Readonly<Record<string, unknown>>) => Profile;
