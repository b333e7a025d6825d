/**
 * What becomes of two accounts of one person: which of the two may stay, what it takes over, what ends, and why it cannot
 * be done at all. Pure. Of consents the latest word wins, whichever of the two stays; of grants none goes over, and what
 * is guarded stays guarded.
 */
import type {
  ConsentStanding,
  MergeMoves,
  MergeSide,
  ToldIdentity,
} from '../../adapters/account-merges/account-merges.ts';
import { CONSENT_TYPES, type ConsentType } from '../../adapters/document-store/document-store.ts';
import type { IdentityKey } from '../../adapters/identity.ts';
import { differingNameParts } from '../data-rules/person-name.ts';

export type MergeConflict =
  | 'same'
  | 'not_open'
  | 'two_members'
  | 'two_applications'
  | 'office'
  | 'open_case'
  | 'deletion'
  | 'two_school_records'
  | 'merged_lately'
  | 'factors_lost'
  | 'no_second_factor';

/** By what the two seem to be two people. */
export type IdentityDifference = 'family' | 'given' | 'birthdate';

export type MergePreview = {
  readonly conflicts: readonly MergeConflict[];
  /** Nothing that either was called agrees with the other: whoever merges them has seen the papers. */
  readonly differences: readonly IdentityDifference[];
  readonly moves: MergeMoves;
  /** Links of the closed one that end: the survivor has another of the same upstream, or takes no ways over. */
  readonly endingLinks: readonly (IdentityKey & { readonly upstream: string })[];
  /** Whether what opens the closed one opens the survivor afterwards. */
  readonly waysGoOver: boolean;
  readonly secondFactor: {
    /** Of the survivor, afterwards. */
    readonly alwaysAsked: boolean;
    readonly devices: number;
    /** Of the closed one: what goes over, or ends. */
    readonly closedDevices: number;
    /** Of the closed one: they end. */
    readonly closedCodes: number;
  };
  readonly consents: Readonly<
    Record<
      ConsentType,
      {
        readonly survivor: ConsentStanding;
        readonly closed: ConsentStanding;
        readonly after: ConsentStanding;
      }
    >
  >;
  /** Relying parties that will meet her as somebody new, or that know both. */
  readonly strangers: readonly string[];
};

export function previewMerge(survivor: MergeSide, closed: MergeSide): MergePreview {
  const issuers = new Set(survivor.links.map(({ issuer }) => issuer));
  const waysGoOver = isNoLessGuarded(closed, survivor);
  // Whoever reads its letters gets in, if but a day later: no mailbox comes to one that is guarded more.
  const isToWrite = waysGoOver && survivor.email === undefined;
  const isStaying = ({ issuer }: IdentityKey) => waysGoOver && !issuers.has(issuer);
  const secondFactor = secondFactorOf(survivor, closed, waysGoOver);
  const after = Object.fromEntries(
    CONSENT_TYPES.map((type) => [type, standingAfter(survivor, closed, type)]),
  ) as Record<ConsentType, ConsentStanding>;
  const consents = Object.fromEntries(
    CONSENT_TYPES.map((type) => [
      type,
      {
        survivor: survivor.consents[type],
        closed: closed.consents[type],
        after: after[type],
      },
    ]),
  ) as MergePreview['consents'];
  return {
    conflicts: conflictsOf(survivor, closed, secondFactor),
    differences: differencesOf(survivor, closed),
    moves: {
      emailAs: closed.email === undefined ? undefined : isToWrite ? 'main' : 'further',
      member: closed.memberId !== undefined && survivor.memberId === undefined,
      password: waysGoOver && closed.hasPassword && !survivor.hasPassword,
      links: closed.links.filter(isStaying).map(({ issuer, subject }) => ({ issuer, subject })),
      devices: waysGoOver && secondFactor.closedDevices > 0,
      asksAlways: secondFactor.alwaysAsked && !survivor.protection.alwaysAsked,
      held: CONSENT_TYPES.filter((type) => survivor.consents[type] === 'given' && after[type] !== 'given'),
      carried: CONSENT_TYPES.filter((type) => survivor.consents[type] !== 'given' && after[type] === 'given'),
    },
    endingLinks: closed.links.filter((link) => !isStaying(link)),
    ...{ waysGoOver, secondFactor },
    consents,
    strangers: closed.clients,
  };
}

/** The member's account, or else the elder: its name at the relying parties is the one that goes on. */
export function suggestSurvivor(one: MergeSide, other: MergeSide): MergeSide {
  if (one.holdsOffice !== other.holdsOffice) return one.holdsOffice ? one : other;
  if ((one.memberId === undefined) !== (other.memberId === undefined)) return one.memberId ? one : other;
  return one.createdAt <= other.createdAt ? one : other;
}

/**
 * Into an account that somebody guards, because she wants it or because of what it opens, no way leads that was added
 * where a password was enough: neither an upstream, which asks for nothing more, nor a device, nor a password.
 */
function isNoLessGuarded(closed: MergeSide, survivor: MergeSide): boolean {
  if (survivor.holdsOffice) return false;
  return closed.protection.alwaysAsked || !survivor.protection.alwaysAsked;
}

function secondFactorOf(
  { protection: kept }: MergeSide,
  { protection: gone }: MergeSide,
  waysGoOver: boolean,
): MergePreview['secondFactor'] {
  const closedDevices = gone.codeApps + gone.passkeys;
  return {
    alwaysAsked: kept.alwaysAsked || gone.alwaysAsked,
    devices: kept.codeApps + kept.passkeys + (waysGoOver ? closedDevices : 0),
    // Each is good for the account it was made for.
    ...{ closedDevices, closedCodes: gone.recoveryCodes },
  };
}

/** One person has spoken in two places: what she gave stands, unless she took it back in either of them afterwards. */
function standingAfter(survivor: MergeSide, closed: MergeSide, type: ConsentType): ConsentStanding {
  const both = [survivor, closed] as const;
  const givers = both.filter(({ consents }) => consents[type] === 'given');
  if (givers.length === 0) {
    return both.some(({ consents }) => consents[type] === 'withdrawn') ? 'withdrawn' : 'none';
  }
  const givenAt = Math.max(...givers.map((side) => momentOf(side, type)));
  // Of a way that the survivor herself has closed she goes on to hear nothing, though the others be open.
  const judged = survivor.consents[type] === 'given' ? [closed] : both;
  return judged.some((side) => isTakenBack(side, type, givenAt)) ? 'withdrawn' : 'given';
}

function isTakenBack(side: MergeSide, type: ConsentType, givenAt: number): boolean {
  if (type === 'union_messages' && side.refusedMessages) return true;
  if (side.consents[type] === 'withdrawn') return momentOf(side, type) >= givenAt;
  return type === 'union_pd' && side.servicesEnded;
}

const momentOf = ({ consentsSince }: MergeSide, type: ConsentType): number =>
  consentsSince[type]?.getTime() ?? 0;

function differencesOf(survivor: MergeSide, closed: MergeSide): readonly IdentityDifference[] {
  const differ = <Told>(
    told: (identity: ToldIdentity) => Told | undefined,
    isSame: (one: Told, other: Told) => boolean,
  ): boolean => {
    const [ours, theirs] = [survivor, closed].map((side) =>
      side.told.map(told).filter((each) => each !== undefined),
    ) as [Told[], Told[]];
    const isKnown = ours.length > 0 && theirs.length > 0;
    return isKnown && !ours.some((one) => theirs.some((other) => isSame(one, other)));
  };
  const part = (name: 'family' | 'given') =>
    differ(
      (identity) => identity.name,
      (one, other) => !differingNameParts(one, other).includes(name),
    );
  const born = differ(
    ({ birthdate }) => birthdate,
    (one, other) => one === other,
  );
  return [...(['family', 'given'] as const).filter(part), ...(born ? (['birthdate'] as const) : [])];
}

function conflictsOf(
  survivor: MergeSide,
  closed: MergeSide,
  { alwaysAsked, devices }: MergePreview['secondFactor'],
): readonly MergeConflict[] {
  const both = [survivor, closed] as const;
  const checks: readonly (readonly [boolean, MergeConflict])[] = [
    [survivor.id === closed.id, 'same'],
    [both.some(({ status }) => status !== 'confirmed'), 'not_open'],
    [both.every(({ memberId }) => memberId !== undefined), 'two_members'],
    [both.every(({ isApplying }) => isApplying), 'two_applications'],
    [closed.holdsOffice, 'office'],
    [both.some(({ hasOpenCase }) => hasOpenCase), 'open_case'],
    [both.some(({ isBeingDeleted }) => isBeingDeleted), 'deletion'],
    [both.every(({ isKnownToRegion }) => isKnownToRegion), 'two_school_records'],
    [both.some(({ isMerged }) => isMerged), 'merged_lately'],
    // Who has said so is not settled: whoever waits for her mailbox to count would get both.
    [both.some(({ protection }) => protection.mailCountsAt !== undefined), 'factors_lost'],
    [alwaysAsked && devices === 0, 'no_second_factor'],
  ];
  return checks.flatMap(([holds, conflict]) => (holds ? [conflict] : []));
}
