/** How sure we are: the methods of a sign-in → the level it reaches (domain.md §2.3, design.md §3). */
import type { Amr, OwnAmr } from './login-method.ts';

/** Every level that can be reached. */
export const ACR = {
  password: 'urn:opo:loa:1',
  /** An upstream whose passwords are self-service (РСАА); a password of ours and a mailed code. */
  federated: 'urn:opo:loa:2',
  /** A person whose identity was proved to ЕСИА. */
  confirmed: 'urn:opo:loa:3',
} as const;
export type Acr = (typeof ACR)[keyof typeof ACR];
/** Of a session whose password a code to the confirmed address has joined. */
export const ACR_OF_TWO_PROOFS = ACR.federated;

const ASCENDING: readonly Acr[] = [ACR.password, ACR.federated, ACR.confirmed];

/**
 * A password proves level 1: only confirmed addresses and assigned tickets sign in with one. So does a code from the
 * mailbox of a registration: it is what confirmed the address, and no second proof beside it.
 */
const ACR_OF: Record<OwnAmr, Acr> = { pwd: ACR.password, otp: ACR.password };

/** Of our own methods: the highest level among them. */
export function acrOf(amr: readonly OwnAmr[]): Acr {
  const levels = amr.map((method) => ACR_OF[method]).sort();
  return levels.at(-1) ?? ACR.password;
}

/** Of a sign-in through an upstream. What the upstream calls its own methods raises nothing. */
export function acrOfUpstream(kind: 'esia' | 'oidc' | 'oauth2', confirmed: boolean): Acr {
  if (kind !== 'esia') return ACR.federated;
  return confirmed ? ACR.confirmed : ACR.password;
}

const DOOR = 'urn:opo:door:';

export function amrOfUpstream(id: string): readonly Amr[] {
  return ['fed', `${DOOR}${id}`];
}

/** Through which doors a session was entered: ids of upstreams. None: by a method of our own. */
export function doorsOf(amr: readonly string[]): ReadonlySet<string> {
  return new Set(amr.filter((each) => each.startsWith(DOOR)).map((each) => each.slice(DOOR.length)));
}

const WAY = 'urn:opo:way:';
/** An application that shows codes, after whatever came first. */
export const AMR_OF_APP: readonly Amr[] = ['otp', 'mfa', `${WAY}totp`];
/** Says that she has the paper, and nothing of a device. */
export const AMR_OF_RECOVERY: readonly Amr[] = ['mfa', `${WAY}recovery`];
export const AMR_OF_MAILED_CODE: readonly Amr[] = ['otp'];

/** A passkey says that the device is hers and that it has recognised her. `syncable`: it may live on several devices. */
export function amrOfPasskey(syncable: boolean): readonly Amr[] {
  return [syncable ? 'swk' : 'hwk', 'user', `${WAY}passkey`];
}

type Signed = { readonly acr?: string | undefined; readonly amr?: readonly string[] | undefined };

/** Whether she has shown something that nobody has who reads her letters: a device of hers, or ЕСИА's word. */
export function hasOwnDevice({ acr, amr = [] }: Signed): boolean {
  const isByPhone = amr.includes('qr');
  return (
    (reaches(acr, ACR.confirmed) && !isByPhone) || amr.includes(`${WAY}totp`) || amr.includes(`${WAY}passkey`)
  );
}

/**
 * Of a computer that a phone has let in: what the phone's owner proved there counts, but not as a device at this
 * computer – it may be a stranger's, whose picture she was talked into photographing.
 */
export function amrByPhone(amr: readonly string[]): readonly Amr[] {
  const proved = amr
    .filter((each) => each !== 'qr')
    .map((each) => (each.startsWith(WAY) ? `${WAY}phone` : each));
  return ['qr', ...new Set(proved)] as Amr[];
}

/** A device of hers, or her paper. */
export function hasOwnProof(signed: Signed): boolean {
  return hasOwnDevice(signed) || (signed.amr?.includes(`${WAY}recovery`) ?? false);
}

/** Whether more than a password was shown. An upstream answers for its own ways. */
export function hasSecondProof({ amr = [] }: Signed, mailCounts: boolean): boolean {
  const isMore = amr.some((each) => each.startsWith(WAY) || each.startsWith(DOOR));
  return isMore || (mailCounts && amr.includes('otp'));
}

/** What a session is worth after another proof has joined it: an upstream's word is not made more sure by ours. */
export function acrRaised({ acr, amr = [] }: Signed): string | undefined {
  return amr.includes('pwd') && !reaches(acr, ACR_OF_TWO_PROOFS) ? ACR_OF_TWO_PROOFS : acr;
}

/** Whether a session of this level is enough where `least` is asked for. */
export function reaches(acr: string | undefined, least: Acr): boolean {
  return ASCENDING.indexOf(acr as Acr) >= ASCENDING.indexOf(least);
}
