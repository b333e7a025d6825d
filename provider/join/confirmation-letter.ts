/**
 * The letter a registration waits for. Whoever has the address already gets another one, and nobody but the owner of the
 * mailbox learns which of the two it was.
 */
import type { AccountRegister } from '../../adapters/account-store/account-store.ts';
import type { Queryable } from '../../adapters/database/database.ts';
import type { OneTimeSecrets } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import type { NewRegistration } from '../../adapters/registration-store/registration-store.ts';
import type { RequestOrigin } from '../http/context.ts';
import type { NewLetter, Post } from '../letters/post.ts';
import { freshLink } from '../login/fresh-secret.ts';

/** domain.md §3.10. */
const LINK_HOURS = 24;

export type ConfirmationLetterNeeds = {
  readonly accounts: Pick<AccountRegister, 'ownerOf'>;
  readonly secrets: OneTimeSecrets;
  readonly post: Post;
};

type Addressee = Pick<NewRegistration, 'id' | 'email' | 'locale'>;

/** `owner`: the account that has the address. A new letter voids the link of the one before. */
export async function writeConfirmationLetter(
  { secrets, post }: ConfirmationLetterNeeds,
  origin: RequestOrigin,
  { id, email, locale }: Addressee,
  owner: string | undefined,
  tx: Queryable,
): Promise<void> {
  const secret = freshLink();
  // Issued in either case: the same work takes the same time.
  await secrets.issue(
    { purpose: 'confirm-email', subject: id, secret, seconds: LINK_HOURS * 3_600, tries: 1 },
    tx,
  );
  const letter: NewLetter =
    owner === undefined
      ? {
          template: 'confirm-registration',
          to: { address: email.original, locale },
          facts: { path: `/join/confirm/${secret}`, hours: LINK_HOURS },
        }
      : {
          template: 'already-registered',
          to: { accountId: owner },
          facts: { at: new Date(), network: origin.network },
        };
  await post.send(letter, tx);
}
