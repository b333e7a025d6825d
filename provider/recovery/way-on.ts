/** How the pages of recovery remember where the person was on the way to: in their own addresses, as ids alone. */
import { pathBack, type WayBack, wayBackShape } from '../interactions/way-back.ts';

/** Anything that is not exactly that is as nothing. */
export function wayBackOf(query: {
  readonly from?: unknown;
  readonly client?: unknown;
}): WayBack | undefined {
  return wayBackShape.safeParse({ interaction: query.from, clientId: query.client }).data;
}

export function wayBackQuery(wayBack: WayBack | undefined): string {
  if (!wayBack) return '';
  return `?${new URLSearchParams({ from: wayBack.interaction, client: wayBack.clientId })}`;
}

/** The sign-in page: of the portal the person came from, or of the cabinet. */
export function signInPath(wayBack: WayBack | undefined): string {
  return wayBack ? pathBack(wayBack) : '/cabinet';
}
