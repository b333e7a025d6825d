/** Pages of chairs about consents: in a member's card, of the whole organisation, and forms to be signed by hand. */
import type { ConsentType } from '../../../adapters/document-store/document-store.ts';
import type { CardConsent, ConsentTick } from '../../../adapters/member-consents/member-consents.ts';
import type { Block } from '../../documents/paragraphs.ts';
import type { ChairFrame } from '../../staff/officer.ts';
import type { NoticeCode } from '../texts.ts';
import type { FieldProblem } from './shared.ts';

type Answers = Readonly<Record<string, string | undefined>>;

export type PaperConsentScreens = {
  readonly 'chair/consents/card': ChairFrame & {
    readonly name: string;
    readonly cardPath: string;
    readonly consents: readonly CardConsent[];
    readonly history: readonly (ConsentTick & { readonly type: ConsentType })[];
    /** Absent for those who look on. */
    readonly action?: string;
    readonly typed: Answers;
    readonly problem?: FieldProblem<'dated' | ConsentType>;
    readonly notice?: NoticeCode;
  };
  readonly 'chair/consents/list': ChairFrame & {
    readonly members: number;
    readonly lacking: Readonly<Record<ConsentType | 'any', number>>;
    /** Which of them are shown. */
    readonly only?: ConsentType | 'any';
    readonly rows: readonly {
      readonly id: string;
      readonly name: string;
      readonly path: string;
      readonly consents: readonly CardConsent[];
    }[];
    readonly listPath: string;
    /** Absent for those who look on. */
    readonly ticking?: {
      readonly action: string;
      readonly typed: Answers;
      /** Of those who are shown. */
      readonly formsPath: string;
      /** Behind whom the next page begins. */
      readonly next?: string;
    };
    readonly morePath?: string;
    readonly problem?: FieldProblem<'dated'>;
    readonly notice?: NoticeCode;
  };
  readonly 'chair/consents/forms': ChairFrame & {
    /** Whom the list holds, and how many of each kind there are. */
    readonly only: ConsentType | 'any';
    readonly lacking: Readonly<Record<ConsentType | 'any', number>>;
    readonly formsPath: string;
    readonly people: readonly {
      readonly id: string;
      readonly name: string;
      readonly lacking: readonly ConsentType[];
    }[];
    /** There are more people than one print takes. */
    readonly morePath?: string;
    readonly action: string;
    readonly listPath: string;
    readonly typed: Answers;
    readonly problem?: FieldProblem<'type_union_pd' | 'all'>;
  };
  readonly 'chair/consents/print': ChairFrame & {
    readonly organisation: string;
    readonly types: readonly ConsentType[];
    readonly people: readonly {
      readonly name: string;
      readonly lacking: readonly ConsentType[];
      readonly forms: readonly { readonly title: string; readonly blocks: readonly Block[] }[];
    }[];
    readonly formsPath: string;
  };
};
