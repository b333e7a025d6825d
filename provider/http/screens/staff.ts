/** Pages that every member of staff meets, whatever her office. */
import type { OfficeRole, OrganisationKind } from '../../../adapters/office-store/office-store.ts';
import type { Empty } from './shared.ts';

export type StaffScreens = {
  readonly 'staff/none': Empty;
  readonly 'staff/home': {
    readonly posts: readonly {
      readonly role: OfficeRole;
      readonly kind: OrganisationKind;
      readonly name: string;
      readonly undertaken: boolean;
      readonly path: string;
    }[];
    /** Of the Union. */
    readonly isOperator: boolean;
    /** Of the Union, whatever her role. */
    readonly isStaff: boolean;
  };
};
