/**
 * What an upstream has just refused or could not do, carried to the sign-in page in its address: the answer itself, with
 * its code, is to stay in nobody's address bar. Known words alone; whatever else stands there says nothing.
 */
import type { Interaction } from 'oidc-provider';
import { z } from 'zod';
import type { GatewayContext } from '../http/context.ts';
import type { UpstreamId, Upstreams } from '../upstreams/upstreams.ts';
import type { SignInPage, UpstreamRefusal } from './pages.ts';

const UNAVAILABLE = 'unavailable';
const REASONS = [
  ...['cancelled', 'start_again', 'unconfirmed', 'child', 'not_a_person'],
  ...['second_factor_missing', 'account_unavailable'],
] as const satisfies readonly UpstreamRefusal['reason'][];

const shape = z.object({ upstream: z.string(), refused: z.enum([UNAVAILABLE, ...REASONS]) });

export function letDown(
  ctx: GatewayContext,
  { uid }: Interaction,
  upstream: UpstreamId,
  refused: z.output<typeof shape>['refused'],
): void {
  ctx.status = 303;
  ctx.redirect(`/interaction/${uid}?${new URLSearchParams({ upstream, refused })}`);
}

export function readLetDown(
  { query }: GatewayContext,
  upstreams: Pick<Upstreams, 'offers'>,
): Pick<SignInPage, 'failed' | 'refusal'> {
  const { data } = shape.safeParse(query);
  const upstream = data && upstreams.offers().find(({ id }) => id === data.upstream);
  if (!data || !upstream) return {};
  return data.refused === UNAVAILABLE
    ? { failed: upstream.id }
    : { refusal: { reason: data.refused, upstream } };
}
