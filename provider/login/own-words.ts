/** What somebody who knows the owner of an account would try as her password. */
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { OwnWords } from './password-rules.ts';

export function ownWordsOf({ verifiedEmail, member, name }: Account): OwnWords {
  return {
    ...(verifiedEmail !== undefined && { email: verifiedEmail }),
    ...(member?.ticket !== undefined && { ticket: member.ticket }),
    names: name ? Object.values(name) : [],
  };
}
