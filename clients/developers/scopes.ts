/** What an application may ask about people, as far as the pages have words for it. */

/** Anybody's. */
const OPEN = ['openid', 'profile', 'email', 'phone', 'profile_min', 'offline_access'] as const;

/** Those that somebody has to agree to, the least telling first. */
export const SCOPES_BY_APPROVAL = [
  ...(['membership', 'region', 'name', 'certificate_name', 'org', 'ticket'] as const),
] as const;

export const SCOPES: readonly string[] = [...OPEN, ...SCOPES_BY_APPROVAL];
