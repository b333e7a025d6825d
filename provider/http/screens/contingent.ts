/** Pages of a school's administrator of «Контингент», beside her desk. */
import type { EduRole } from '../../../adapters/school-register/school-register.ts';
import type { NoticeCode } from '../texts.ts';
import type { DeskFrame } from './cases.ts';

export type ContingentScreens = {
  readonly 'contingent/people': DeskFrame & {
    readonly sections: readonly {
      readonly school: string;
      readonly people: readonly {
        readonly name: string;
        /** At this school. Without `takePath` it cannot be taken: it is her own. */
        readonly roles: readonly { readonly role: EduRole; readonly takePath?: string }[];
      }[];
    }[];
    readonly notice?: NoticeCode;
  };
  readonly 'contingent/take-role': {
    readonly name: string;
    readonly school: string;
    readonly role: EduRole;
    readonly fields: Readonly<Record<'school' | 'person' | 'role', string>>;
    readonly action: string;
    readonly backPath: string;
  };
};
