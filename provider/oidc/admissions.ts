/** The question who may enter ЭПОС, put once for each request, however many of our checks need the answer. */
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Admission, Education } from '../education/education.ts';
import { roleAmong } from '../education/roles.ts';
import type { GatewayContext } from '../http/context.ts';
import { educationClient } from './client/education.ts';
import { isEducation } from './client-rules.ts';
import { entranceFault } from './policy/entrance.ts';

export type Admissions = {
  /** Undefined for a relying party that is not of ЭПОС, and for whoever has to sign in first. */
  of(ctx: KoaContextWithOIDC): Promise<Admission | undefined>;
  /** Whether nothing stands between her and a grant but what the others are asked, too. */
  mayGrant(ctx: KoaContextWithOIDC): Promise<boolean>;
};

export function admissions(education: Pick<Education, 'admit'>): Admissions {
  const asked = new WeakMap<object, Promise<Admission>>();

  const of: Admissions['of'] = async (ctx) => {
    const { client, session, account } = ctx.oidc;
    const accountId = session?.accountId;
    if (!client || !session || !account || accountId === undefined || !isEducation(client)) return undefined;
    if (entranceFault(client, session)) return undefined;
    const known = asked.get(ctx.oidc);
    if (known) return known;
    const { origin } = (ctx as unknown as GatewayContext).state;
    const answer = education.admit(origin, educationClient(client), {
      ...{ accountId, sessionUid: session.uid, amr: session.amr ?? [] },
      signedInAt: new Date((session.loginTs ?? 0) * 1_000),
    });
    asked.set(ctx.oidc, answer);
    return answer;
  };

  return {
    of,
    async mayGrant(ctx) {
      const { client } = ctx.oidc;
      if (!client || !isEducation(client)) return true;
      const admission = await of(ctx);
      return admission?.kind === 'open' && roleAmong(admission.openings, admission.chosen) !== undefined;
    },
  };
}
