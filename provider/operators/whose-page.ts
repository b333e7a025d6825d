/** Whom a page at the desk is about, in its heading: her name, or else as much of her address as may be shown. */
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { FoundPerson, PersonSearch } from '../../adapters/person-search/person-search.ts';
import { maskEmailAddress } from '../data-rules/email-address.ts';

export type WhosePageNeeds = { readonly people: Pick<PersonSearch, 'byClue'> };

export function nameOf({ name }: Account, person: FoundPerson | undefined): string | undefined {
  const { family, given, middle } = name ?? person?.name ?? {};
  const full = [family, given, middle].filter((part) => part !== undefined).join(' ');
  return full === '' ? undefined : full;
}

/** Nothing when neither is known. */
export async function whosePage(
  { people }: WhosePageNeeds,
  account: Account,
): Promise<{ readonly whose?: string }> {
  const [person] = await people.byClue({ kind: 'account', value: account.id });
  const { verifiedEmail } = account;
  const whose = nameOf(account, person) ?? (verifiedEmail && maskEmailAddress(verifiedEmail));
  return whose ? { whose } : {};
}
