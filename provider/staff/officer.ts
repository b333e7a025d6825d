/** Somebody at a workplace, and where in the Union she stands when she opens a page. */
import type { Session } from 'oidc-provider';
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { Office, PlacedOrganisation } from '../../adapters/office-store/office-store.ts';
import type { StaffRole } from '../../adapters/staff-store/staff-store.ts';

export type Officer = {
  readonly account: Account;
  readonly session: Session & { readonly accountId: string };
  readonly offices: readonly Office[];
  readonly roles: readonly StaffRole[];
};

/** At an organisation that one of her offices covers. */
export type OfficerAt = {
  readonly officer: Officer;
  readonly office: Office;
  /** That of the path. */
  readonly organisation: PlacedOrganisation;
  /** What every page of it is told (views/chair/layout.pug). */
  readonly frame: ChairFrame;
};

export type ChairFrame = {
  readonly at: {
    readonly id: string;
    readonly name: string;
    readonly kind: PlacedOrganisation['kind'];
    /** Below her own office, not that of her office. */
    readonly below: boolean;
    /** Kept by ourselves. */
    readonly register: boolean;
    readonly undertaken: boolean;
  };
};
