/** What the rooms of the wizard share: who is in them, and how they lead to each other. */
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { Draft, Variant } from '../../adapters/draft-store/draft-store.ts';
import type { GatewayContext } from '../http/context.ts';

/** Somebody in the wizard, and how far she is. */
export type Guest = { readonly account: Account; readonly draft: Draft | undefined };
export type Room = (ctx: GatewayContext, guest: Guest) => Promise<void> | void;

/** `variant`: for whom the room is; none: for everybody who has one. */
export type Rooms = {
  show(path: string, room: Room, variant?: Variant): void;
  act(path: string, room: Room, variant?: Variant): void;
};

/** The code that signs everything comes by letter; from there it goes on to the wizard. */
export const ADDRESS_FIRST = '/cabinet/email';

export function leadTo(ctx: GatewayContext, path: string): void {
  ctx.status = 303;
  ctx.redirect(path);
}

/** Where the variant's documents are read and signed. */
export function overviewOf(variant: Variant | undefined): string {
  return variant === 'application' ? '/join/review' : '/join/documents';
}

/** Where the variant's form is. */
export function formOf(variant: Variant | undefined): string {
  return variant === undefined ? '/join/question' : `/join/${variant}`;
}
