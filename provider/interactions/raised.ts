/** What a known session lacks, as far as the interaction says it: only another proof, or more than that. */
import type { Interaction } from 'oidc-provider';

/** The first two are the library's words. */
const OF_LEVEL = new Set(['essential_acrs', 'essential_acr', 'level_too_low', 'level_asked_for']);
const WISHED = 'level_asked_for';
/** Of the person, and of the relying party. */
const SECOND_PROOF = 'second_proof_missing';
const OWN_DEVICE = 'own_device_missing';

type Asked = Pick<Interaction, 'prompt' | 'session'>;

/** What the proof is to be: enough for a level, anything beside a password, or a device of hers. */
export type Demand = 'level' | 'second_proof' | 'own_device';

/** Nothing but another proof is missing. A level is raised only beside her password. */
export function isOnlyRaised({ prompt, session }: Asked): boolean {
  const amr = (session as { amr?: readonly string[] } | undefined)?.amr ?? [];
  const isOfProof = (reason: string) => reason === SECOND_PROOF || reason === OWN_DEVICE;
  return (
    prompt.name === 'login' &&
    prompt.reasons.every((each) => isOfProof(each) || (amr.includes('pwd') && OF_LEVEL.has(each)))
  );
}

export function demandOf({ prompt: { reasons } }: Asked): Demand {
  if (reasons.includes(OWN_DEVICE)) return 'own_device';
  return reasons.includes(SECOND_PROOF) ? 'second_proof' : 'level';
}

/** A wish, not a demand: she may go on without. */
export function isOnlyWished({ prompt }: Asked): boolean {
  return prompt.reasons.every((reason) => reason === WISHED);
}
