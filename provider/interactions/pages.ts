/** What the pages of an interaction can be asked to show; how, is show.ts. */
import type { Interaction } from 'oidc-provider';
import type { IdentifierKind } from '../../adapters/account-store/account-store.ts';
import type { CaseSide, MismatchKind } from '../../adapters/case-store/case-store.ts';
import type { Refusal } from '../../adapters/upstream/upstream.ts';
import type { GatewayContext } from '../http/context.ts';
import type { NoticeCode } from '../http/texts.ts';
import type { Problem } from '../login/login-method.ts';
import type { UpstreamId, UpstreamOffer } from '../upstreams/upstreams.ts';
import type { ClientView } from './client-view.ts';

export type SignInPage = {
  readonly by: IdentifierKind;
  readonly identifier: string;
  readonly foreignComputer?: boolean;
  readonly notice?: NoticeCode;
  readonly problem?: Problem;
  /** The upstream that has just let her down. */
  readonly failed?: UpstreamId;
  readonly refusal?: UpstreamRefusal;
};

/** Why an upstream, or what it told, did not let her in. */
export type UpstreamRefusal = {
  readonly reason: Refusal | 'account_unavailable';
  readonly upstream: UpstreamOffer;
};

/** What of two records differs, and who can put it right. */
export type Mismatch = {
  readonly side: CaseSide;
  readonly number: string;
  readonly kinds: readonly MismatchKind[];
  readonly upstream: UpstreamOffer;
  readonly retryAt?: Date;
};

export type Pages = {
  /** The page of the interaction's prompt; `typed` is what an older page of it was filled in with. */
  show(ctx: GatewayContext, interaction: Interaction, client: ClientView, typed?: string): Promise<void>;
  signIn(ctx: GatewayContext, interaction: Interaction, client: ClientView, page: SignInPage): Promise<void>;
  mismatch(ctx: GatewayContext, interaction: Interaction, mismatch: Mismatch): void;
};
