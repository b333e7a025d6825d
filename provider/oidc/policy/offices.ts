/**
 * Who may be told of her offices, and who of members' data: asked at each authorization request, and of every token that
 * carries such a scope (E-03, E-04, SYS-07).
 */
import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { Account } from '../../../adapters/account-store/account-store.ts';
import type { Office } from '../../../adapters/office-store/office-store.ts';
import type { GatewayContext } from '../../http/context.ts';
import type { HeldOffices } from '../../onboarding/take-office.ts';
import { STAFF_SCOPES } from '../claims.ts';
import type { LoadedAccount } from '../find-account.ts';

const { Check, Prompt } = interactionPolicy;

/** Of the prompt `office`: whose undertaking is missing. */
export type OfficeDetails = { readonly organisation?: { readonly id: string; readonly name: string } };

export function officePrompt(offices: HeldOffices) {
  const held = async (ctx: KoaContextWithOIDC): Promise<readonly Office[] | undefined> => {
    const { session, account, requestParamScopes } = ctx.oidc;
    if (!account || session?.accountId === undefined || !asksForOffices(requestParamScopes)) return undefined;
    return officesOf(offices, ctx, (account as LoadedAccount).account);
  };
  const missing = async (ctx: KoaContextWithOIDC): Promise<Office | undefined> => {
    if (!ctx.oidc.requestParamScopes.has('registry')) return undefined;
    const all = await held(ctx);
    return all?.some(({ undertaken }) => undertaken) ? undefined : all?.[0];
  };
  const details = async (ctx: KoaContextWithOIDC): Promise<OfficeDetails> => {
    const office = await missing(ctx);
    return office
      ? { organisation: { id: office.organisation.id, name: office.organisation.shortName } }
      : {};
  };
  return new Prompt(
    { name: 'office', requestable: false },
    details as never,
    new Check('office_required', 'she acts for no organisation', 'access_denied', async (ctx) => {
      return (await held(ctx))?.length === 0;
    }),
    new Check(
      'undertaking_missing',
      'the undertaking is to be given first',
      'interaction_required',
      async (ctx) => {
        return (await missing(ctx)) !== undefined;
      },
    ),
  );
}

export function asksForOffices(scopes: ReadonlySet<string>): boolean {
  return STAFF_SCOPES.some((scope) => scopes.has(scope));
}

export function officesOf(
  offices: HeldOffices,
  ctx: KoaContextWithOIDC,
  account: Account,
): Promise<readonly Office[]> {
  return offices(account, (ctx as unknown as GatewayContext).state.origin);
}

/** Undefined where a token with these scopes is worth nothing any more. */
export function officeClaims(
  scopes: ReadonlySet<string>,
  held: readonly Office[],
): Readonly<Record<string, unknown>> | undefined {
  const working = held.filter(({ undertaken }) => undertaken);
  if (held.length === 0 || (scopes.has('registry') && working.length === 0)) return undefined;
  return {
    offices: held.map(({ role, organisation: { id, kind }, undertaken }) => ({
      ...{ role, organisation: id, kind, undertaking: undertaken !== undefined },
    })),
    registry_scope: working.map(({ organisation: { id, kind } }) => ({
      ...{ organisation: id, kind, with_below: kind !== 'primary' },
    })),
  };
}
