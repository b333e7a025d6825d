/**
 * Whether somebody may enter a relying party of ЭПОС, and as whom: gather → compare → act, then her roles. Asked anew at
 * each authorization request and for each token, so that a role that was taken away is worth nothing from that moment.
 */
import { IdentifierTaken } from '../../adapters/account-store/account-store.ts';
import type { LinkStore } from '../../adapters/link-store/link-store.ts';
import type {
  EduRole,
  SchoolPerson,
  SchoolRegister,
} from '../../adapters/school-register/school-register.ts';
import type { Events } from '../events/events.ts';
import type { Where } from '../events/recorder.ts';
import { doorsOf } from '../login/assurance.ts';
import { compare } from './compare.ts';
import { type EducationClient, type Opening, openingsFor, rolesOf } from './roles.ts';
import type { HeldCase, SchoolCases } from './school-cases.ts';
import type { SessionRoles } from './session-roles.ts';

/** What she has in ЭПОС now. */
export type Standing = {
  readonly person: SchoolPerson;
  /** Her roles that open this relying party, at least one. */
  readonly openings: readonly Opening[];
  /** In this session; it may be one that does not open it. */
  readonly chosen: EduRole | undefined;
};

export type Admission =
  | ({ readonly kind: 'open' } & Standing)
  /** No record is hers. */
  | { readonly kind: 'unknown' }
  /** What this upstream says is not what the record does. */
  | { readonly kind: 'mismatch'; readonly upstream: string; readonly held: HeldCase }
  /** None of her roles opens it. */
  | { readonly kind: 'not_permitted' };

export type SignedIn = {
  readonly accountId: string;
  readonly sessionUid: string;
  readonly amr: readonly string[];
  readonly signedInAt: Date;
};

export type Education = {
  /** Recognises her record, and compares it again after each sign-in (D-16). Idempotent. */
  admit(where: Where, client: EducationClient, signedIn: SignedIn): Promise<Admission>;
  /** Of a token: reads, and compares nothing. Undefined where she has nothing to enter with. */
  standing(
    client: EducationClient,
    accountId: string,
    sessionUid: string | undefined,
  ): Promise<Standing | undefined>;
};

export type EducationNeeds = {
  readonly schools: Pick<
    SchoolRegister,
    'personOf' | 'bornOn' | 'recognise' | 'noteAgreement' | 'subsystemsFor'
  >;
  readonly links: Pick<LinkStore, 'linksOf'>;
  readonly cases: SchoolCases;
  readonly sessionRoles: SessionRoles;
  readonly events: Pick<Events, 'schoolPersonRecognised' | 'educationRefused'>;
};

/** Whoever loses a race for a record looks again; the winner is then in the register. */
const MOST_LOOKS = 3;

type Recognition =
  | { readonly kind: 'recognised'; readonly person: SchoolPerson }
  | Exclude<Admission, { kind: 'open' }>;

export function education(needs: EducationNeeds): Education {
  const { schools, links, cases, sessionRoles, events } = needs;

  const recognise = async (where: Where, clientId: string, signedIn: SignedIn): Promise<Recognition> => {
    const { accountId, amr, signedInAt } = signedIn;
    const mine = await schools.personOf(accountId);
    if (mine && mine.roles.length === 0) return { kind: 'not_permitted' };
    if (mine?.agreedAt && mine.agreedAt >= signedInAt) return { kind: 'recognised', person: mine };

    const doors = doorsOf(amr);
    const link = (await links.linksOf(accountId)).find(({ upstream }) => doors.has(upstream));
    if (!link) return { kind: 'unknown' };
    const notYet = await cases.notYet(link);
    if (notYet) return { kind: 'mismatch', upstream: link.upstream, held: notYet };

    const { birthdate } = link.told;
    const born = mine || birthdate === undefined ? [] : await schools.bornOn(birthdate);
    const comparison = compare(accountId, link.told, mine, born);
    if (comparison.kind === 'nobody') return { kind: 'unknown' };
    const { person } = comparison;
    if (comparison.kind === 'agrees') {
      if (comparison.isNew) {
        await schools.recognise(person.id, accountId);
        await events.schoolPersonRecognised(where, accountId, person.id);
      }
      await schools.noteAgreement(person.id, signedInAt);
      await cases.settle(where, link);
      return { kind: 'recognised', person };
    }
    const school = person.roles[0]?.school;
    if (!school) return { kind: 'unknown' };
    const held = await cases.hold(where, { link, person, school, kinds: comparison.kinds, clientId });
    return { kind: 'mismatch', upstream: link.upstream, held };
  };

  const openingsOf = async (client: EducationClient, person: SchoolPerson): Promise<readonly Opening[]> => {
    const all = await Promise.all(
      rolesOf(person).map(async (role) => ({ role, subsystems: await schools.subsystemsFor(person, role) })),
    );
    return openingsFor(client, all);
  };

  return {
    async admit(where, client, signedIn) {
      const { accountId, sessionUid } = signedIn;
      const { clientId } = client;
      const refuse = async <T extends Exclude<Admission, { kind: 'open' }>>(refusal: T): Promise<T> => {
        await events.educationRefused(where, { accountId, clientId, reason: refusal.kind });
        return refusal;
      };
      const found = await untilSettled(() => recognise(where, clientId, signedIn));
      if (found.kind !== 'recognised') return refuse(found);
      const { person } = found;
      const openings = await openingsOf(client, person);
      if (openings.length === 0) return refuse({ kind: 'not_permitted' });
      return { kind: 'open', person, openings, chosen: await sessionRoles.of(sessionUid, accountId) };
    },
    async standing(client, accountId, sessionUid) {
      const person = await schools.personOf(accountId);
      const openings = person && (await openingsOf(client, person));
      if (!openings || openings.length === 0) return undefined;
      const chosen = sessionUid === undefined ? undefined : await sessionRoles.of(sessionUid, accountId);
      return { person, openings, chosen };
    },
  };
}

async function untilSettled(look: () => Promise<Recognition>): Promise<Recognition> {
  for (let looks = 1; looks < MOST_LOOKS; looks += 1) {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof IdentifierTaken)) throw error;
    }
  }
  return look();
}
