/**
 * Whose an identity is: the rules of esia.md §5.3 and domain.md §3.6, in their order. Pure and total; nothing is linked,
 * opened or told here. An e-mail address by itself decides nothing, and what an upstream lets people say of themselves
 * links nobody.
 */
import type { AccountStatus } from '../../adapters/account-store/account-store.ts';
import type { Candidate, CandidateAccount, CandidateMember } from '../../adapters/candidates/candidates.ts';
import type { MismatchKind } from '../../adapters/case-store/case-store.ts';
import {
  comparePersonNames,
  differingNameParts,
  isPatronymicMissing,
  shareSurnamePart,
} from '../data-rules/person-name.ts';
import { contradictions, differences, isSomebodyElse } from './differences.ts';
import type { LinkingPolicy } from './linking-policy.ts';
import type { Told } from './told-person.ts';

export type Known = {
  /** Whom the identity opens already. */
  readonly owner?: { readonly accountId: string; readonly status: AccountStatus };
  /** Everybody its clues lead to. */
  readonly candidates: readonly Candidate[];
};

export type Resolution =
  | { readonly kind: 'sign-in'; readonly accountId: string }
  | { readonly kind: 'link'; readonly account: CandidateAccount }
  /** She is this member, who has no account yet. */
  | { readonly kind: 'register'; readonly member: CandidateMember }
  | { readonly kind: 'prove'; readonly mailedCode: boolean; readonly mayCreate: boolean }
  | Mismatch
  | Refused;

/** `member`: she is this one, who has no account yet; the account she has proved becomes hers. */
export type ProvedResolution =
  | { readonly kind: 'link'; readonly account: CandidateAccount; readonly member?: CandidateMember }
  | Mismatch
  | Refused;

export type Mismatch = {
  readonly kind: 'case';
  readonly kinds: readonly MismatchKind[];
  readonly accountId?: string;
  readonly memberId?: string;
};
type Refused = { readonly kind: 'refuse'; readonly reason: 'unconfirmed' | 'account_unavailable' };

const UNCONFIRMED: Refused = { kind: 'refuse', reason: 'unconfirmed' };
const UNAVAILABLE: Refused = { kind: 'refuse', reason: 'account_unavailable' };
const PROVE_OR_CREATE: Resolution = { kind: 'prove', mailedCode: false, mayCreate: true };

export function resolve(told: Told, { owner, candidates }: Known, policy: LinkingPolicy): Resolution {
  if (owner) {
    return owner.status === 'confirmed' ? { kind: 'sign-in', accountId: owner.accountId } : UNAVAILABLE;
  }
  if (policy.unconfirmed === 'refused' && !told.confirmed) return UNCONFIRMED;
  const people = asSeen(candidates, policy);
  return (
    bySnils(told, people) ??
    byNameAndBirthdate(told, people) ??
    byAddress(told, people) ??
    byNearMiss(told, people) ??
    PROVE_OR_CREATE
  );
}

/** She has shown `proved` to be her account, too: nothing that is known may contradict it. */
export function resolveProved(
  told: Told,
  proved: Candidate,
  { owner, candidates }: Known,
  policy: LinkingPolicy,
): ProvedResolution {
  const { account, member } = proved;
  if (account?.status !== 'confirmed') return UNAVAILABLE;
  if (policy.unconfirmed === 'refused' && !told.confirmed) return UNCONFIRMED;
  if (owner?.accountId === account.id) return { kind: 'link', account };
  if (owner || account.subject !== undefined) return mismatch(proved, ['identity']);
  const kinds = contradictions(told, recordOf(proved));
  if (kinds.length > 0) return mismatch(proved, kinds);

  const [seen] = asSeen([proved], policy);
  const same = withSameSnils(asSeen(candidates, policy));
  const isAnother = same?.member && (member ? same.member.id !== member.id : same.account !== undefined);
  if (isAnother || seen?.member?.snils === 'other') return mismatch(proved, ['snils']);
  if (member || !same?.member) return { kind: 'link', account };
  const doubts = differencesFrom(told, same.member);
  if (doubts.length > 0) return mismatch(same, doubts);
  return isWhole(told) ? { kind: 'link', account, member: same.member } : { kind: 'link', account };
}

/** Rules 3 and 6: the number names one person; whoever it names must bear her name and birthday, too. */
function bySnils(told: Told, people: readonly Candidate[]): Resolution | undefined {
  const same = withSameSnils(people);
  if (!same?.member) return undefined;
  const { account, member } = same;
  // An account created anew at the upstream: an operator decides which of the two stays.
  if (account?.subject !== undefined) return mismatch(same, ['identity']);
  if (differencesFrom(told, member).length > 0) return mismatch(same, differences(told, member));
  if (account) return isWhole(told) ? whenOpen(account, { kind: 'link', account }) : toProve(told, account);
  // One account for one person: she has begun one by herself, which her membership was not found for yet.
  const begun = accountBegun(told, people);
  if (begun) return byAccount(told, begun);
  return isWhole(told) ? { kind: 'register', member } : PROVE_OR_CREATE;
}

/** all that a name and a birthday are good for is to ask for a proof. */
function byNameAndBirthdate(told: Told, people: readonly Candidate[]): Resolution | undefined {
  const { name, birthdate } = told;
  if (!name || !birthdate) return undefined;
  const equal = people.filter(
    ({ member }) => member?.birthdate === birthdate && comparePersonNames(name, member.name) === 'match',
  );
  if (equal.length === 0) return undefined;
  const [only, ...others] = equal.length > 1 ? equal.filter((each) => hasAddress(told, each)) : equal;
  if (!only || others.length > 0) return { kind: 'case', kinds: ['ambiguous'] };
  if (only.member?.snils === 'other') return mismatch(only, ['snils']);
  if (only.account) return byAccount(told, only);
  const begun = accountBegun(told, people);
  return begun ? byAccount(told, begun) : PROVE_OR_CREATE;
}

/** A box is shared by families: whoever has nothing else in common with its owner is somebody else. */
function byAddress(told: Told, people: readonly Candidate[]): Resolution | undefined {
  const owner = people.find((each) => hasAddress(told, each));
  return owner && !isSomebodyElse(told, recordOf(owner)) ? byAccount(told, owner) : undefined;
}

/** Rule 4: an account that may be hers asks for its own proof, once nothing speaks against it. */
function byAccount(told: Told, candidate: Candidate): Resolution | undefined {
  const { account, member } = candidate;
  if (!account) return undefined;
  const kinds = differences(told, recordOf(candidate));
  const snils = member?.snils === 'other' ? (['snils'] as const) : [];
  if (kinds.length + snils.length > 0) return mismatch(candidate, [...kinds, ...snils]);
  if (account.subject !== undefined) return mismatch(candidate, ['identity']);
  return toProve(told, account);
}

/** Born that day, called so, but for half a surname or a patronymic: a person must look (domain.md §3.6). */
function byNearMiss({ name, birthdate }: Told, people: readonly Candidate[]): Resolution | undefined {
  if (!name || !birthdate) return undefined;
  const near = people.filter(({ member }) => {
    if (member?.birthdate !== birthdate || member.snils === 'other') return false;
    const parts = differingNameParts(name, member.name);
    const excuses = {
      family: shareSurnamePart(name, member.name),
      given: false,
      middle: isPatronymicMissing(name, member.name),
    };
    return parts.length > 0 && parts.every((part) => excuses[part]);
  });
  const [only, ...others] = near;
  if (!only?.member) return undefined;
  if (others.length > 0) return { kind: 'case', kinds: ['ambiguous'] };
  return mismatch(only, differences({ name, birthdate }, only.member));
}

/** A number that anybody could have typed is as good as none. */
function asSeen(candidates: readonly Candidate[], { snils }: LinkingPolicy): readonly Candidate[] {
  if (snils === 'links') return candidates;
  return candidates.map(({ account, member }) => ({
    ...(account && { account }),
    ...(member && { member: { ...member, snils: 'unknown' } }),
  }));
}

const withSameSnils = (people: readonly Candidate[]): Candidate | undefined =>
  people.find(({ member }) => member?.snils === 'same');

const hasAddress = ({ email }: Told, { account }: Candidate): boolean =>
  email !== undefined && account?.emailKey === email.key;

/** An account with her address that belongs to no member. */
const accountBegun = (told: Told, people: readonly Candidate[]): Candidate | undefined =>
  people.find((each) => !each.member && hasAddress(told, each) && !isSomebodyElse(told, recordOf(each)));

/** What must agree beside the SNILS. A patronymic may be missing or change; twins differ in the given name alone. */
const differencesFrom = (told: Told, member: CandidateMember): readonly MismatchKind[] =>
  differences(told, member).filter((kind) => kind !== 'middle_name');

const isWhole = ({ name, birthdate }: Told): boolean => name !== undefined && birthdate !== undefined;

/** The register's word before what the account says of itself. */
const recordOf = ({ member, account }: Candidate) => member ?? (account?.name ? { name: account.name } : {});

const whenOpen = (account: CandidateAccount, resolution: Resolution): Resolution =>
  account.status === 'confirmed' ? resolution : UNAVAILABLE;

function toProve(told: Told, account: CandidateAccount): Resolution {
  const mailedCode = hasAddress(told, { account });
  return whenOpen(account, { kind: 'prove', mailedCode, mayCreate: false });
}

function mismatch({ account, member }: Candidate, kinds: readonly MismatchKind[]): Mismatch {
  return {
    kind: 'case',
    kinds,
    ...(account && { accountId: account.id }),
    ...(member && { memberId: member.id }),
  };
}
