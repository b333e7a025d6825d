/** What the pages of the desk are told: gathers both records of a case and masks what is not the reader's own. */
import type { Candidates } from '../../adapters/candidates/candidates.ts';
import type { Case, CaseStore } from '../../adapters/case-store/case-store.ts';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { SchoolPerson, SchoolRegister } from '../../adapters/school-register/school-register.ts';
import { differences } from '../accounts/differences.ts';
import type { Screens } from '../http/screens/screens.ts';
import type { Locale } from '../http/texts.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import { recordOf, UNDECIDED } from './correct.ts';
import { reasonOf } from './decide.ts';
import type { Staff } from './desk.ts';
import { type ComparedRow, compareMasked, dataOf, maskedData } from './masked.ts';
import { differingKinds } from './remaining.ts';
import { openTold } from './told.ts';

const PAGE = 50;

export type ShowNeeds = {
  readonly cases: Pick<CaseStore, 'list'>;
  readonly schools: Pick<SchoolRegister, 'find' | 'peopleOf'>;
  readonly candidates: Pick<Candidates, 'ofAccount' | 'ofMember'>;
  readonly upstreams: Pick<Upstreams, 'offers'>;
  readonly cipher: Cipher;
};

type Section = Screens['cases/list']['sections'][number];
type CasePage = Omit<Screens['cases/case'], 'seat'>;

export const pathOf = ({ number }: Pick<Case, 'number'>): string => `/cases/${number}`;

/** `of`: the one section whose next page is asked for. */
export async function listSections(
  needs: ShowNeeds,
  { schools, isUnionOperator }: Staff,
  locale: Locale,
  next: { readonly of: string; readonly before: string } | undefined,
): Promise<readonly Section[]> {
  const wanted = (of: string): boolean => next === undefined || next.of === of;
  const before = next && { before: next.before };
  const sectionOf = async (
    of: Parameters<CaseStore['list']>[0],
    key: string,
    people: readonly SchoolPerson[],
  ): Promise<Section> => {
    const found = await needs.cases.list(of, { limit: PAGE + 1, ...before });
    const shown = found.slice(0, PAGE);
    const last = found.length > PAGE ? shown.at(-1) : undefined;
    return {
      cases: shown.map((one) => {
        const person = people.find(({ id }) => id === one.schoolPersonId);
        return {
          ...headOf(needs, one, locale),
          ...(person && { person: fullName(person) }),
          path: pathOf(one),
        };
      }),
      ...(last && { morePath: `/cases?${new URLSearchParams({ of: key, before: last.number })}` }),
    };
  };

  const sections: Section[] = [];
  for (const { id, shortName } of schools) {
    if (!wanted(id)) continue;
    const people = await needs.schools.peopleOf(id);
    sections.push({ school: shortName, ...(await sectionOf({ side: 'school', schoolId: id }, id, people)) });
  }
  if (isUnionOperator && wanted('union')) sections.push(await sectionOf({ side: 'union' }, 'union', []));
  return sections;
}

/** Everything of the page but what the last form has to say. */
export async function casePage(needs: ShowNeeds, found: Case, locale: Locale): Promise<CasePage> {
  const reason = reasonOf(needs.cipher, found);
  const { side, effectiveAt } = found;
  return {
    ...headOf(needs, found, locale),
    side,
    ...(effectiveAt && { effectiveAt }),
    ...(reason !== undefined && { reason }),
    ...(await (side === 'school' ? schoolSide(needs, found) : unionSide(needs, found))),
  };
}

/** Own values as they are, the upstream's masked. */
export function schoolRows({ cipher }: Pick<ShowNeeds, 'cipher'>, found: Case, record: SchoolPerson) {
  const told = openTold(cipher, found);
  return told && compareMasked(dataOf(record), told, differingKinds(found.accountId ?? '', told, record));
}

type Side = Pick<CasePage, 'person' | 'rows' | 'recordMissing' | 'correctionPath' | 'decision'>;

async function schoolSide(needs: ShowNeeds, found: Case): Promise<Side> {
  const record = await recordOf(needs.schools, found);
  if (!record) return { recordMissing: true };
  const rows = schoolRows(needs, found, record);
  const isUndecided = rows !== undefined && UNDECIDED.includes(found.state);
  return {
    person: fullName(record),
    recordMissing: false,
    ...(rows && { rows }),
    ...(isUndecided && { correctionPath: `${pathOf(found)}/correction` }),
  };
}

/** Both sides masked: what an operator needs is on the documents before her. */
async function unionSide({ candidates, cipher }: ShowNeeds, found: Case): Promise<Side> {
  const { accountId, memberId, key, state } = found;
  const clues = { issuer: key?.issuer ?? '' };
  const candidate =
    (accountId !== undefined && (await candidates.ofAccount(accountId, clues))) ||
    (memberId !== undefined && (await candidates.ofMember(memberId, clues))) ||
    undefined;
  const { member, account } = candidate ?? {};
  const told = openTold(cipher, found);
  const name = member?.name ?? account?.name;
  const birthdate = member?.birthdate;
  const email = account?.emailKey;
  const isUndecided = told !== undefined && UNDECIDED.includes(state);
  const isLinked = state === 'retry_ok' && key !== undefined && account?.subject === key.subject;
  return {
    recordMissing: candidate === undefined,
    ...(told && { rows: rowsOf() }),
    ...((isUndecided || isLinked) && {
      decision: {
        kind: isUndecided ? 'decide' : 'unlink',
        action: `${pathOf(found)}/decision`,
        asksAccount: isUndecided && candidate === undefined,
        replaces: isUndecided && account?.subject !== undefined,
        typed: { reason: '', account: '' },
      },
    }),
  };

  function rowsOf(): readonly ComparedRow[] {
    if (!told) return [];
    const own = {
      ...name,
      ...(birthdate !== undefined && { birthdate }),
      ...(email !== undefined && { email }),
    };
    const { family, given, middle } = told;
    const toldName =
      family !== undefined && given !== undefined
        ? { name: { family, given, ...(middle !== undefined && { middle }) } }
        : {};
    const kinds = differences(
      { ...toldName, ...(told.birthdate !== undefined && { birthdate: told.birthdate }) },
      { ...(name && { name }), ...(birthdate !== undefined && { birthdate }) },
    );
    return compareMasked(maskedData(dataOf(own)), told, kinds);
  }
}

function headOf({ upstreams }: Pick<ShowNeeds, 'upstreams'>, found: Case, locale: Locale) {
  const { number, state, openedAt, kinds, upstream } = found;
  const name = upstreams.offers().find(({ id }) => id === upstream)?.name[locale] ?? upstream;
  return { number, state, openedAt, kinds, upstream: name };
}

function fullName({ family, given, middle }: SchoolPerson): string {
  return [family, given, middle].filter((part) => part !== undefined).join(' ');
}
