/**
 * An account that a client still admits: a token is worth nothing once the role or the office is gone that had opened
 * the door, nor the name of a tester; nor, without offline access, once the sign-in is older than the client's own rule.
 */
import type { FindAccount } from 'oidc-provider';
import type { HeldOffices } from '../onboarding/take-office.ts';
import { maxSessionSeconds } from './client/admission.ts';
import type { LoadedAccount } from './find-account.ts';
import { isOffline } from './lifetimes.ts';
import { asksForOffices, officeClaims, officesOf } from './policy/offices.ts';
import { hasRoleFor, type StaffRoles } from './policy/staff-roles.ts';
import { isLetIn, type Testers } from './policy/stage.ts';

type Token = { readonly kind: string; readonly authTime?: number; readonly scope?: string };

export function findAdmitted(
  find: FindAccount,
  staff: StaffRoles,
  testers: Testers,
  offices: HeldOffices,
): FindAccount {
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
    const { account } = found as LoadedAccount;
    if (!(await isLetIn(testers, client, account))) return undefined;
    const scopes = new Set(scope?.split(' '));
    if (!asksForOffices(scopes)) return found;
    const told = officeClaims(scopes, await officesOf(offices, ctx, account));
    return told && { ...found, claims: async (...asked) => ({ ...(await found.claims(...asked)), ...told }) };
  };
}
