/**
 * What becomes of two accounts of one person: which of the two may stay, what it takes over, what ends, and why it cannot
 * be done at all. Pure. Nothing is gained by it: of consents the stricter wins, of grants none goes over.
 */
import type { ConsentStanding, MergeMoves, MergeSide } from '../../adapters/account-merges/account-merges.ts';
import { CONSENT_TYPES, type ConsentType } from '../../adapters/document-store/document-store.ts';
import type { IdentityKey } from '../../adapters/identity.ts';

export type MergeConflict =
  | 'same'
  | 'not_open'
  | 'two_members'
  | 'two_applications'
  | 'office'
  | 'open_case'
  | 'deletion'
  | 'two_school_records'
  | 'merged_lately';

export type MergePreview = {
  readonly conflicts: readonly MergeConflict[];
  readonly moves: MergeMoves;
  /** Links of the closed one that end: the survivor has another of the same upstream. */
  readonly endingLinks: readonly (IdentityKey & { readonly upstream: string })[];
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
  const [staying, ending] = [
    closed.links.filter(({ issuer }) => !issuers.has(issuer)),
    closed.links.filter(({ issuer }) => issuers.has(issuer)),
  ];
  const held = CONSENT_TYPES.filter(
    (type) => survivor.consents[type] === 'given' && isTakenBack(closed, type),
  );
  const consents = Object.fromEntries(
    CONSENT_TYPES.map((type) => [
      type,
      {
        survivor: survivor.consents[type],
        closed: closed.consents[type],
        after: held.includes(type) ? 'withdrawn' : survivor.consents[type],
      },
    ]),
  ) as MergePreview['consents'];
  return {
    conflicts: conflictsOf(survivor, closed),
    moves: {
      emailAs: closed.email === undefined ? undefined : survivor.email === undefined ? 'main' : 'further',
      member: closed.memberId !== undefined && survivor.memberId === undefined,
      password: closed.hasPassword && !survivor.hasPassword,
      links: staying.map(({ issuer, subject }) => ({ issuer, subject })),
      held,
    },
    endingLinks: ending,
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

function isTakenBack(closed: MergeSide, type: ConsentType): boolean {
  if (closed.consents[type] === 'withdrawn') return true;
  if (type === 'union_pd') return closed.servicesEnded;
  return type === 'union_messages' && closed.refusedMessages;
}

function conflictsOf(survivor: MergeSide, closed: MergeSide): readonly MergeConflict[] {
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
  ];
  return checks.flatMap(([holds, conflict]) => (holds ? [conflict] : []));
}
