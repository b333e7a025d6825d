/** Cases of the school's side as a sign-in needs them: what holds somebody back, and what she is told of it. */
import type { MismatchKind } from '../../adapters/case-store/case-store.ts';
import type { Link } from '../../adapters/link-store/link-store.ts';
import type { School, SchoolPerson } from '../../adapters/school-register/school-register.ts';
import type { Where } from '../events/recorder.ts';

/** Kinds, never values. */
export type HeldCase = {
  readonly number: string;
  readonly kinds: readonly MismatchKind[];
  /** Whose administrator of «Контингент» is to be asked. */
  readonly school: Pick<School, 'id' | 'shortName'>;
  /** Corrected: from then on a sign-in works again. */
  readonly retryAt?: Date;
};

export type Difference = {
  readonly link: Link;
  readonly person: SchoolPerson;
  readonly school: School;
  readonly kinds: readonly MismatchKind[];
  readonly clientId: string;
};

export interface SchoolCases {
  /** The case of a correction that is not in effect yet: it holds her back whatever the data say by now. */
  notYet(link: Link): Promise<HeldCase | undefined>;
  /** The case she has for it, or a new one; one that was thought done is open again. */
  hold(where: Where, difference: Difference): Promise<HeldCase>;
  /** Her data agree: what was corrected is done with. */
  settle(where: Where, link: Link): Promise<void>;
}
