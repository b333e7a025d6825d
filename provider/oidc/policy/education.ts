/** What ЭПОС asks beside the Union: is she in the region's records, and in which of her roles does she come in. */
import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { EduRole } from '../../../adapters/school-register/school-register.ts';
import { roleAmong } from '../../education/roles.ts';
import type { HeldCase } from '../../education/school-cases.ts';
import type { Admissions } from '../admissions.ts';

const { Check, Prompt } = interactionPolicy;

/** Of the prompt `education`; times as they stand in JSON. */
export type EducationDetails = {
  readonly held?: Omit<HeldCase, 'retryAt'> & { readonly upstream: string; readonly retryAt?: string };
};

/** Of the prompt `role`. */
export type RoleDetails = {
  /** Those that open this relying party. */
  readonly roles: readonly EduRole[];
  /** Hers in this session; it may be one that does not open it. */
  readonly chosen?: EduRole;
};

export function educationPrompt(admissions: Admissions) {
  const is = (kind: 'unknown' | 'mismatch' | 'not_permitted') => async (ctx: KoaContextWithOIDC) =>
    (await admissions.of(ctx))?.kind === kind;
  const held = async (ctx: KoaContextWithOIDC): Promise<EducationDetails> => {
    const admission = await admissions.of(ctx);
    if (admission?.kind !== 'mismatch') return {};
    const { retryAt, ...rest } = admission.held;
    const { upstream } = admission;
    return { held: { ...rest, upstream, ...(retryAt && { retryAt: retryAt.toISOString() }) } };
  };
  return new Prompt(
    { name: 'education', requestable: false },
    new Check('education_unknown', 'no record of the region is hers', 'access_denied', is('unknown')),
    new Check('education_mismatch', 'the records differ', 'access_denied', is('mismatch'), held as never),
    new Check('education_not_permitted', 'none of her roles opens it', 'access_denied', is('not_permitted')),
  );
}

export function rolePrompt(admissions: Admissions) {
  const choice = async (ctx: KoaContextWithOIDC): Promise<RoleDetails | undefined> => {
    const admission = await admissions.of(ctx);
    if (admission?.kind !== 'open') return undefined;
    const { openings, chosen } = admission;
    return { roles: openings.map(({ role }) => role), ...(chosen && { chosen }) };
  };
  const prompt = new Prompt(
    { name: 'role', requestable: true },
    (async (ctx: KoaContextWithOIDC) => (await choice(ctx)) ?? {}) as never,
    new Check('role_missing', 'a role has to be chosen', 'interaction_required', async (ctx) => {
      const admission = await admissions.of(ctx);
      return admission?.kind === 'open' && !roleAmong(admission.openings, admission.chosen);
    }),
    // D-13: where there is one there is nothing to choose, though it be asked for.
    new Check('role_asked_for', 'the role is to be chosen anew', 'interaction_required', async (ctx) => {
      if (!ctx.oidc.prompts.has('role') || !ctx.oidc.promptPending('role')) return false;
      return ((await choice(ctx))?.roles.length ?? 0) > 1;
    }),
  );
  // The library's own would ask where nothing is to be chosen.
  prompt.checks.remove('role_prompt');
  return prompt;
}
