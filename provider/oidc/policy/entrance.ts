/**
 * Whether a session has come in by a door, and to a level, that the relying party lets in. A session that has not is
 * raised: the same account signs in once more, never a second one.
 */
import { type Client, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { ACR, type Acr, acrOfUpstream, doorsOf, hasOwnDevice, reaches } from '../../login/assurance.ts';
import { PASSWORD_METHOD } from '../../login/login-method.ts';
import type { Upstreams } from '../../upstreams/upstreams.ts';
import { maxSessionSeconds } from '../client/admission.ts';
import { allowedDoors, demandsOwnDevice, levelByPassword, minimumAcr } from '../client-rules.ts';
import type { LoadedAccount } from '../find-account.ts';
import { PASSWORD_DOOR } from '../own-metadata.ts';
import { lacksSecondProof } from '../standing.ts';

const { Check } = interactionPolicy;

export type EntranceFault = 'level_too_low' | 'door_not_allowed';
type Entered = { readonly acr?: string | undefined; readonly amr?: readonly string[] | undefined };

/** What is wrong with how she came in, or undefined. */
export function entranceFault(client: Client, { acr, amr = [] }: Entered): EntranceFault | undefined {
  const least = minimumAcr(client);
  const used = doorsOf(amr);
  const isOwn = used.size === 0;
  if (least !== undefined && !reaches(acr, least)) return 'level_too_low';
  if (least !== undefined && isOwn && !reaches(levelByPassword(client), least)) return 'level_too_low';
  const allowed = allowedDoors(client);
  const doors = isOwn ? [PASSWORD_DOOR] : [...used];
  return allowed && !doors.some((door) => allowed.has(door)) ? 'door_not_allowed' : undefined;
}

/** The least of the known levels asked for by `acr_values`; any of them would do (OpenID Connect Core 3.1.2.1). */
export function levelAskedFor(acrValues: unknown): Acr | undefined {
  const asked = typeof acrValues === 'string' ? acrValues.split(' ') : [];
  return Object.values(ACR)
    .filter((acr) => asked.includes(acr))
    .sort()[0];
}

/** Her password is proved, and a code to her confirmed address would be enough. */
function canBeRaisedByCode(
  { session, account }: KoaContextWithOIDC['oidc'],
  client: Client,
  least: Acr,
): boolean {
  return (
    (allowedDoors(client)?.has(PASSWORD_DOOR) ?? true) &&
    reaches(levelByPassword(client), least) &&
    (session?.amr?.includes('pwd') ?? false) &&
    (account as LoadedAccount | undefined)?.account.verifiedEmail !== undefined
  );
}

export function entranceChecks(upstreams: Pick<Upstreams, 'offers'>) {
  const faultIs =
    (fault: EntranceFault) =>
    ({ oidc }: KoaContextWithOIDC): boolean => {
      const { client, session } = oidc;
      return (
        client !== undefined && session?.accountId !== undefined && entranceFault(client, session) === fault
      );
    };
  /** A wish, not a demand: asked for once, where it can be had, and never instead of an answer without a page. */
  const wishesMore = ({ oidc }: KoaContextWithOIDC): boolean => {
    const { client, session, params, result } = oidc;
    const least = levelAskedFor(params?.acr_values);
    if (!client || session?.accountId === undefined || least === undefined) return false;
    if (reaches(session.acr, least) || oidc.prompts.has('none')) return false;
    const byCode = canBeRaisedByCode(oidc, client, least);
    // Whoever has just typed her password has not been offered the code yet.
    if (result?.login) return byCode && String(result.login.method).startsWith(PASSWORD_METHOD);
    const allowed = allowedDoors(client);
    return (
      byCode ||
      upstreams
        .offers()
        .some(
          ({ id, kind, state }) =>
            state !== 'off' && (allowed?.has(id) ?? true) && reaches(acrOfUpstream(kind, true), least),
        )
    );
  };

  /** Whatever the relying party: she has said that her password alone is not she. */
  const lacksProof = ({ oidc: { session, account } }: KoaContextWithOIDC): boolean => {
    const loaded = account as LoadedAccount | undefined;
    return (
      session?.accountId !== undefined && loaded !== undefined && lacksSecondProof(loaded.account, session)
    );
  };

  const lacksDevice = ({ oidc: { client, session } }: KoaContextWithOIDC): boolean =>
    client !== undefined &&
    session?.accountId !== undefined &&
    demandsOwnDevice(client) &&
    !hasOwnDevice(session);

  const isTooOld = ({ oidc: { client, session } }: KoaContextWithOIDC): boolean => {
    const most = client && maxSessionSeconds(client);
    return most !== undefined && session?.accountId !== undefined && session.past(most);
  };

  return [
    new Check(
      'level_too_low',
      'the relying party demands a higher level',
      'login_required',
      faultIs('level_too_low'),
    ),
    new Check(
      'door_not_allowed',
      'the relying party demands another way in',
      'login_required',
      faultIs('door_not_allowed'),
    ),
    new Check('second_proof_missing', 'the person demands a second proof', 'login_required', lacksProof),
    new Check('own_device_missing', 'the relying party demands a device', 'login_required', lacksDevice),
    new Check('level_asked_for', 'a higher level was asked for', 'login_required', wishesMore),
    new Check('session_too_old', 'the relying party demands a later sign-in', 'login_required', isTooOld),
  ];
}
