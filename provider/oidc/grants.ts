/**
 * Whether the person has to be asked. Our own portals get what they request without a consent page; a third party gets
 * what she has agreed to, remembered across sessions until she withdraws it. What single claims she keeps to herself is no
 * matter of the grant: find-account.ts.
 */
import type { Configuration, Grant, KoaContextWithOIDC } from 'oidc-provider';
import type { ConsentBook } from '../../adapters/account-activity/account-activity.ts';
import type { Admissions } from './admissions.ts';
import { askedBy, isAnswered } from './asked-claims.ts';
import { isFirstParty } from './client-rules.ts';

/**
 * Told of the grant, or that there is none, and whether this request made it: after the account is known and before
 * anything is saved that leads to either. What it throws ends the request.
 */
type Witness = (grant: Grant | undefined, isNew: boolean) => Promise<void>;

const witnesses = new WeakMap<object, Witness>();
export function witnessGrant({ req }: { req: object }, witness: Witness): void {
  witnesses.set(req, witness);
}

/** Nothing is granted to whoever is not let into ЭПОС: the library asks for the grant before it asks the policy. */
export function existingGrant(
  consents: ConsentBook,
  admissions: Pick<Admissions, 'mayGrant'>,
): NonNullable<Configuration['loadExistingGrant']> {
  return async (ctx) => {
    const { grant, isNew } = (await admissions.mayGrant(ctx))
      ? await chooseGrant(consents, ctx)
      : { grant: undefined, isNew: false };
    await witnesses.get(ctx.req)?.(grant, isNew);
    return grant;
  };
}

async function chooseGrant(
  consents: ConsentBook,
  ctx: KoaContextWithOIDC,
): Promise<{ grant: Grant | undefined; isNew: boolean }> {
  const { client, session, account, result, provider } = ctx.oidc;
  if (!client || !session || !account) return { grant: undefined, isNew: false };
  const consented = result?.consent?.grantId;
  const id = consented ?? session.grantIdFor(client.clientId);
  const grant = id === undefined ? undefined : await provider.Grant.find(id);
  if (grant && consented !== undefined) return { grant, isNew: true };
  const scope = requestedScope(ctx);
  const isEnough =
    grant &&
    covers(grant.getOIDCScopeEncountered(), scope) &&
    claimsCovered(ctx, grant) &&
    resourceScopes(ctx).every(([uri, asked]) => covers(grant.getResourceScopeEncountered(uri), asked));
  if (isEnough) {
    return { grant, isNew: false };
  }

  if (!isFirstParty(client)) {
    const consent = ctx.oidc.prompts.has('consent')
      ? undefined
      : await consents.consentTo(account.accountId, client.clientId);
    if (!consent || !isAnswered(askedBy(client, ctx.oidc.params ?? {}), consent))
      return { grant, isNew: false };
  }
  // Written once and never again: saving a grant that is being revoked would bring it back to life.
  const fresh = new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  fresh.addOIDCScope([grant?.getOIDCScopeEncountered() ?? '', scope].join(' ').trim());
  fresh.addOIDCClaims([...(grant?.getOIDCClaimsEncountered() ?? []), ...ctx.oidc.requestParamClaims]);
  if (isFirstParty(client)) {
    for (const [uri, asked] of resourceScopes(ctx)) {
      fresh.addResourceScope(uri, [grant?.getResourceScopeEncountered(uri) ?? '', asked].join(' ').trim());
    }
  }
  await fresh.save();
  return { grant: fresh, isNew: true };
}

function requestedScope(ctx: KoaContextWithOIDC): string {
  return [...ctx.oidc.requestParamOIDCScopes].join(' ');
}

/** What is asked of each API, as far as there is such a thing there (RFC 8707). */
function resourceScopes(ctx: KoaContextWithOIDC): [uri: string, scope: string][] {
  return Object.entries(ctx.oidc.resourceServers ?? {}).map(([uri, { scopes }]) => [
    uri,
    [...ctx.oidc.requestParamScopes].filter((scope) => scopes.has(scope)).join(' '),
  ]);
}

function covers(given: string, asked: string): boolean {
  const scopes = new Set(given.split(' '));
  return asked.split(' ').every((scope) => scope === '' || scopes.has(scope));
}

function claimsCovered(ctx: KoaContextWithOIDC, grant: Grant): boolean {
  const given = new Set(grant.getOIDCClaimsEncountered());
  return [...ctx.oidc.requestParamClaims].every((claim) => given.has(claim));
}
