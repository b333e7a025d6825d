/** What a known session lacks, as far as the interaction says it: only a higher level, or more than that. */
import type { Interaction } from 'oidc-provider';

/** The first two are the library's words. */
const OF_LEVEL = new Set(['essential_acrs', 'essential_acr', 'level_too_low', 'level_asked_for']);
const WISHED = 'level_asked_for';

type Asked = Pick<Interaction, 'prompt' | 'session'>;

/** Her password is proved, and nothing but the level is missing. */
export function isOnlyRaised({ prompt, session }: Asked): boolean {
  const amr = (session as { amr?: readonly string[] } | undefined)?.amr ?? [];
  return amr.includes('pwd') && prompt.name === 'login' && prompt.reasons.every((each) => OF_LEVEL.has(each));
}

/** A wish, not a demand: she may go on without. */
export function isOnlyWished({ prompt }: Asked): boolean {
  return prompt.reasons.every((reason) => reason === WISHED);
}
