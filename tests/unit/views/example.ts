/** A page in one of its states, told what its route tells it. */
import type { Screens, View } from '../../../provider/http/screens/screens.ts';

export type Example = {
  readonly name: string;
  readonly view: View;
  readonly locals: Readonly<Record<string, unknown>>;
};

export function example<V extends View>(view: V, state: string, locals: Screens[V]): Example {
  return { name: `${view} ${state}`.trim(), view, locals };
}
