/** Pages of the device flow: somebody's phone speaks for a device without a keyboard. */
import type { ClientName, Empty, FieldProblem } from './shared.ts';

export type DeviceScreens = {
  readonly 'device/code': {
    readonly action: string;
    /** As it was typed. */
    readonly code: string;
    readonly problem?: FieldProblem<'user_code'>;
  };
  readonly 'device/confirm': {
    readonly action: string;
    /** The library's. */
    readonly xsrf: string;
    readonly client: ClientName;
    readonly code: string;
    /** Where the device asked from. */
    readonly network: string;
    /** Its browser and system; empty when it has none. */
    readonly device: string;
    /** As the device calls itself. */
    readonly name?: string;
  };
  readonly 'device/done': { readonly client?: ClientName };
  readonly 'device/refused': Empty;
};
