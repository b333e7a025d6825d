/** Pages of chairs about applications for membership. */
import type { RegistryApplication } from '../../../adapters/registry/registry.ts';
import type { Block } from '../../documents/paragraphs.ts';
import type { ChairFrame } from '../../staff/officer.ts';
import type { NoticeCode } from '../texts.ts';
import type { FieldProblem } from './shared.ts';

type Purpose = RegistryApplication['purpose'];
type Outcome = 'accepted' | 'returned' | 'rejected';

export type ApplicationListed = {
  readonly name: string;
  readonly purpose: Purpose;
  readonly receivedAt: Date;
  /** Working days. */
  readonly waited: number;
  readonly reminded: boolean;
  readonly escalated: boolean;
  /** In a list of several organisations. */
  readonly organisation?: string;
  readonly path: string;
};

export type ReviewField = 'card' | 'number' | 'typed' | 'reason' | 'words';

export type ApplicationScreens = {
  readonly 'chair/applications/list': ChairFrame & {
    readonly waiting: readonly ApplicationListed[];
    readonly morePath?: string;
    /** Absent for those above, who see what was escalated to them. */
    readonly decided?: readonly {
      readonly number: string;
      /** Of one who was put on record or may correct what was returned; of the others nothing is kept. */
      readonly name?: string;
      readonly purpose: Purpose;
      readonly state: Outcome;
      readonly decidedAt: Date;
      readonly path: string;
    }[];
    readonly moreDecidedPath?: string;
  };
  readonly 'chair/applications/application': ChairFrame & {
    readonly number: string;
    readonly purpose: Purpose;
    readonly receivedAt: Date;
    readonly escalatedAt?: Date;
    readonly waited?: number;
    readonly applicant?: {
      readonly name: string;
      /** дд.мм.гггг. */
      readonly birthdate: string;
      readonly age: number;
      readonly sex: 'male' | 'female';
      readonly phone: string;
      readonly email: string;
      readonly employment: string;
      readonly unit?: string;
      readonly signedAt: Date;
    };
    readonly documents: readonly {
      readonly title: string;
      readonly version: string;
      readonly sha256: string;
      readonly blocks: readonly Block[];
    }[];
    readonly decision?: {
      readonly state: Outcome;
      readonly at: Date;
      /** Name, or that it was an operator. */
      readonly by?: { readonly name: string } | 'operator';
      readonly reason?: string;
      /** Family name and initials, while she may correct it. */
      readonly applicant?: string;
      readonly member?: { readonly name: string; readonly ticket?: string; readonly path: string };
    };
    /** Absent where there is nothing to decide, or not by her. */
    readonly review?: {
      readonly acceptAction: string;
      readonly declineAction: string;
      readonly cards: readonly {
        readonly id: string;
        readonly name: string;
        readonly membership: string;
        readonly hasTicket: boolean;
      }[];
      /** Somebody with that name and birth date is on record elsewhere. */
      readonly elsewhere: boolean;
      readonly hasNumbers: boolean;
      readonly reasons: readonly string[];
      readonly typed: {
        readonly card?: string;
        readonly number?: string;
        readonly typed?: string;
        readonly reason?: string;
        readonly words?: string;
      };
    };
    readonly path: string;
    readonly listPath: string;
    readonly notice?: NoticeCode;
    readonly problem?: FieldProblem<ReviewField>;
  };
};
