/** Sentences that a redirect carries to the next page. */
import type { PortalContext } from '../relying-party/context.ts';
import { seeOther } from '../relying-party/context.ts';
import { withNotice } from '../relying-party/pages.ts';

export const NOTICES = [
  'access_denied',
  'session_ended',
  'signed_out_here',
  'saved',
  'deleted',
  'secret_removed',
  'request_sent',
  'request_withdrawn',
  'replayed',
  'stream_saved',
  'stream_removed',
  'stream_tested',
  'try_allowed',
  'approved',
  'refused',
  'blocked',
  'unblocked',
  'review_cancelled',
] as const;
type Notice = (typeof NOTICES)[number];

/** After a form that has done what it says. */
export function done(ctx: PortalContext, address: string, notice: Notice): void {
  seeOther(ctx, withNotice(address, notice));
}
