/** Where the application of somebody waits who has a card already and is no member yet: decided there, and nowhere else. */
import type { ApplicationDesk } from '../../adapters/application-desk/application-desk.ts';
import type { MemberCard } from '../../adapters/member-book/member-book.ts';
import { applicationPath, applicationsPath } from '../applications/show.ts';
import { comparePersonNames } from '../data-rules/person-name.ts';

/** No organisation leaves as many waiting. */
const MOST = 500;

const isApplicant = ({ membership }: Pick<MemberCard, 'membership'>): boolean =>
  membership === 'applicant' || membership === 'under_review';

/** The list of applications, where none is known by her name; undefined for everybody else. */
export async function waitingApplicationPath(
  applicationDesk: Pick<ApplicationDesk, 'waiting'>,
  card: MemberCard,
): Promise<string | undefined> {
  if (!isApplicant(card)) return undefined;
  const { organisationId } = card;
  const waiting = await applicationDesk.waiting({ organisationId }, { limit: MOST });
  const hers = waiting.find(
    ({ application }) =>
      application.birthdate === card.birthdate && comparePersonNames(application, personOf(card)) === 'match',
  );
  return hers ? applicationPath(organisationId, hers.id) : applicationsPath(organisationId);
}

function personOf({ family, given, middle }: MemberCard) {
  return { family, given, ...(middle !== undefined && { middle }) };
}
