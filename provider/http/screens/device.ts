/** Pages of the device flow: somebody's phone speaks for a device without a keyboard. */
import type { ClientName, Empty, FieldProblem } from './shared.ts';

type DeviceForm = { readonly action: string; readonly xsrf: string };

export type DeviceScreens = {
  readonly 'device/code': DeviceForm & {
    /** As it was typed. */
    readonly code: string;
    readonly problem?: FieldProblem<'user_code'>;
  };
  readonly 'device/confirm': DeviceForm & {
    readonly client: ClientName;
    readonly code: string;
    /** Where the device asked from. */
    readonly network: string;
    /** Its browser and system; empty when it has none. */
    readonly device: string;
  };
  readonly 'device/done': { readonly client?: ClientName };
  readonly 'device/refused': Empty;
};
