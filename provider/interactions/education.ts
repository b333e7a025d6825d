/** Pages of whoever enters ЭПОС: in which role, or why not. What is permitted has been decided by the policy. */
import type { Interaction } from 'oidc-provider';
import { z } from 'zod';
import { EDU_ROLES, type EduRole } from '../../adapters/school-register/school-register.ts';
import type { SessionRoles } from '../education/session-roles.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import { allowFormsTo } from '../http/security-headers.ts';
import type { EducationDetails, RoleDetails } from '../oidc/policy/education.ts';
import type { Entrances } from './entrances.ts';
import type { Finish } from './finish.ts';
import type { Pages } from './pages.ts';

export const roleForm = { role: z.enum(EDU_ROLES) };

export type ChooseRoleNeeds = {
  readonly sessionRoles: SessionRoles;
  readonly finish: Finish;
  readonly events: Pick<Events, 'eduRoleChosen'>;
};

/** Throws bad_request for a role that was not offered. */
export async function chooseRole(
  { sessionRoles, finish, events }: ChooseRoleNeeds,
  ctx: GatewayContext,
  interaction: Interaction,
  role: EduRole,
): Promise<void> {
  const { prompt, session, params } = interaction;
  const sessionUid = session?.uid;
  const offered = prompt.name === 'role' && (prompt.details as RoleDetails).roles.includes(role);
  if (!offered || !session || sessionUid === undefined) throw new GatewayError('bad_request');
  const { accountId } = session;
  await sessionRoles.choose(sessionUid, accountId, role);
  await events.eduRoleChosen(ctx.state.origin, { accountId, clientId: String(params.client_id), role });
  await finish.roleChosen(ctx, interaction, role);
}

export function educationPages(
  entrances: Pick<Entrances, 'offer'>,
  mismatch: Pages['mismatch'],
): { readonly education: Pages['show']; readonly role: Pages['show'] } {
  return {
    async education(ctx, interaction, client) {
      const { uid, params, prompt } = interaction;
      const { held } = prompt.details as EducationDetails;
      const upstream = held && (await entrances.offer(interaction, held.upstream));
      if (held && upstream) {
        const { number, kinds, retryAt } = held;
        return mismatch(ctx, interaction, {
          ...{ side: 'school', number, kinds, upstream },
          ...(retryAt !== undefined && { retryAt: new Date(retryAt) }),
        });
      }
      allowFormsTo(ctx, String(params.redirect_uri));
      ctx.render('interaction/education-refused', {
        client,
        why: prompt.reasons.includes('education_not_permitted') ? 'not_permitted' : 'unknown',
        backAction: `/interaction/${uid}/abort`,
      });
    },
    async role(ctx, { uid, params, prompt }, client) {
      const { roles, chosen } = prompt.details as RoleDetails;
      allowFormsTo(ctx, String(params.redirect_uri));
      ctx.render('interaction/role', {
        client,
        roles,
        ...(chosen !== undefined && !roles.includes(chosen) && { elsewhere: chosen }),
        action: `/interaction/${uid}/role`,
        cancelAction: `/interaction/${uid}/abort`,
      });
    },
  };
}
