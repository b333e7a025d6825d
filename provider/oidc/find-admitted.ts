/**
 * An account that a client still admits: a token is worth nothing once the role is gone that had opened the door, nor the
 * name of a tester; nor, without offline access, once the sign-in is older than the client's own rule.
 */
import type { FindAccount } from 'oidc-provider';
import { maxSessionSeconds } from './client/admission.ts';
import type { LoadedAccount } from './find-account.ts';
import { isOffline } from './lifetimes.ts';
import { hasRoleFor, type StaffRoles } from './policy/staff-roles.ts';
import { isLetIn, type Testers } from './policy/stage.ts';

type Token = { readonly kind: string; readonly authTime?: number; readonly scope?: string };

export function findAdmitted(find: FindAccount, staff: StaffRoles, testers: Testers): FindAccount {
  return async (ctx, sub, token) => {
    const found = await find(ctx, sub, token);
    const { client } = ctx.oidc;
    // A code was issued a minute ago, after the policy had asked.
    if (!found || !client || !token || token.kind === 'AuthorizationCode') return found;
    const { authTime, scope } = token as Token;
    const most = maxSessionSeconds(client);
    const isTooOld =
      most !== undefined &&
      authTime !== undefined &&
      !isOffline(scope) &&
      authTime + most < Math.floor(Date.now() / 1_000);
    if (isTooOld || !(await hasRoleFor(staff, client, sub))) return undefined;
    return (await isLetIn(testers, client, (found as LoadedAccount).account)) ? found : undefined;
  };
}
