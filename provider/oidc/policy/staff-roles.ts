/** Portals for some of the Union's staff: asked at each authorization request. The roles of ЭПОС are education.ts. */
import { type Client, interactionPolicy } from 'oidc-provider';
import { STAFF_ROLES, type StaffRole, type StaffStore } from '../../../adapters/staff-store/staff-store.ts';
import { requiredRoles } from '../client/admission.ts';

const { Check, Prompt } = interactionPolicy;

export type StaffRoles = Pick<StaffStore, 'has'>;

export function staffRolesPrompt(staff: StaffRoles) {
  return new Prompt(
    { name: 'staff_role', requestable: false },
    new Check(
      'staff_role_required',
      'none of her roles opens the portal',
      'access_denied',
      async ({ oidc }) => {
        const { client, session, account } = oidc;
        if (!client || !account || session?.accountId === undefined) return Check.NO_NEED_TO_PROMPT;
        return !(await hasRoleFor(staff, client, session.accountId));
      },
    ),
  );
}

/** Whether one of the roles is hers that the client demands of the Union's staff, if it demands any. */
export async function hasRoleFor(staff: StaffRoles, client: Client, accountId: string): Promise<boolean> {
  const demanded = staffRolesOf(client);
  if (demanded.length === 0) return true;
  const held = await Promise.all(demanded.map((role) => staff.has(accountId, role)));
  return held.includes(true);
}

function staffRolesOf(client: Client): readonly StaffRole[] {
  const required: readonly string[] = requiredRoles(client) ?? [];
  return STAFF_ROLES.filter((role) => required.includes(role));
}
