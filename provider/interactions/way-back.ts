/**
 * Where a person was on the way to when something longer came between: creating an account, a forgotten password. It is
 * remembered as which interaction it was and whose. In the same browser that leads back into the request; on another
 * device, where the portal would not recognise its answer, to the portal's own beginning.
 */
import { z } from 'zod';

/** Kept with a registration, a reset or a draft: ids alone, nothing of the request itself. */
export const wayBackShape = z.object({
  interaction: z.string().regex(/^[\w-]{1,64}$/),
  // RFC 6749 A.1.
  clientId: z.string().regex(/^[\x20-\x7e]{1,255}$/),
});

export type WayBack = z.output<typeof wayBackShape>;

/** A page of ours; it decides by the cookies of the browser that opens it. */
export function pathBack({ interaction, clientId }: WayBack): string {
  return `/interaction/${interaction}/return?${new URLSearchParams({ client: clientId })}`;
}
