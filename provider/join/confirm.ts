/**
 * The link from the letter becomes an account (C-10). Looking at it changes nothing; one deliberate click uses it up, and
 * the link, the account, its password and the acceptance of the terms are one transaction.
 */
import { createHash } from 'node:crypto';
import { type AccountRegister, IdentifierTaken } from '../../adapters/account-store/account-store.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { DocumentStore } from '../../adapters/document-store/document-store.ts';
import type { OneTimeSecrets } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import type {
  Registration,
  RegistrationStore,
} from '../../adapters/registration-store/registration-store.ts';
import type { Events } from '../events/events.ts';
import type { RequestOrigin } from '../http/context.ts';
import { looksLikeLink } from '../login/fresh-secret.ts';

const PURPOSE = 'confirm-email';

export type ConfirmNeeds = {
  readonly database: Database;
  readonly registrations: RegistrationStore;
  readonly secrets: OneTimeSecrets;
  readonly accounts: Pick<AccountRegister, 'create'>;
  readonly documents: Pick<DocumentStore, 'acceptTerms'>;
  readonly events: Events;
};

/** What the link would confirm, while it is good; asking changes nothing, however often. */
export async function registrationBehind(
  { registrations, secrets }: Pick<ConfirmNeeds, 'registrations' | 'secrets'>,
  link: string,
): Promise<Registration | undefined> {
  const id = looksLikeLink(link) ? await secrets.subjectOf(PURPOSE, link) : undefined;
  const registration = id === undefined ? undefined : await registrations.find(id);
  return registration?.state === 'open' ? registration : undefined;
}

/** The registration that is an account now; undefined when the link was no good. */
export async function confirmRegistration(
  needs: ConfirmNeeds,
  origin: RequestOrigin,
  link: string,
  browser: string,
): Promise<Registration | undefined> {
  const behind = await registrationBehind(needs, link);
  if (!behind) return undefined;
  const { id } = behind;
  try {
    return await needs.database.transaction(async (tx) => {
      const { kind } = await needs.secrets.redeem({ purpose: PURPOSE, subject: id, secret: link }, tx);
      const confirmed = kind === 'right' ? await needs.registrations.confirm(id, browser, tx) : undefined;
      if (!confirmed) return undefined;
      const { email, locale, passwordHash, termsVersion, network } = confirmed;
      await needs.accounts.create({ id, locale, email, passwordHash }, tx);
      await needs.documents.acceptTerms(id, termsVersion, network, tx);
      await needs.events.registrationConfirmed(origin, id, tx);
      await needs.events.termsAccepted(origin, id, termsVersion, tx);
      return confirmed;
    });
  } catch (error) {
    // Somebody's address by now: changed to it in her cabinet, or left behind a moment ago.
    if (error instanceof IdentifierTaken) return undefined;
    throw error;
  }
}

/** A second click of the same hand, or the back button: the first one has done it already. */
export async function confirmedHere(
  { registrations }: Pick<ConfirmNeeds, 'registrations'>,
  id: string | undefined,
  browser: string,
): Promise<Registration | undefined> {
  const registration = id === undefined ? undefined : await registrations.find(id);
  return registration?.confirmedBy === browser ? registration : undefined;
}

/** «Это не я»: the link, and what it was for, are worth nothing from now on. False when they were before. */
export async function disownRegistration(
  needs: ConfirmNeeds,
  origin: RequestOrigin,
  link: string,
): Promise<boolean> {
  const behind = await registrationBehind(needs, link);
  if (!behind) return false;
  const { id } = behind;
  return needs.database.transaction(async (tx) => {
    const { kind } = await needs.secrets.redeem({ purpose: PURPOSE, subject: id, secret: link }, tx);
    if (kind !== 'right' || !(await needs.registrations.disown(id, tx))) return false;
    await needs.events.registrationDisowned(origin, id, tx);
    return true;
  });
}

/** Told by its form token, which hangs on a cookie that no page and no other site can read. */
export function markOfBrowser(formToken: string): string {
  return createHash('sha256').update(`confirmed:${formToken}`).digest('base64url');
}
