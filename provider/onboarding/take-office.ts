/**
 * Whoever signs in with the confirmed address that credentials were issued for holds the office from then on (E-03).
 * Nothing of it is asked when they are issued: whether there was an account, nobody learns.
 */
import type { Account, AccountRegister } from '../../adapters/account-store/account-store.ts';
import type { Credential, CredentialDoor } from '../../adapters/credential-store/credential-store.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type { Office, OfficeStore } from '../../adapters/office-store/office-store.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import type { Events } from '../events/events.ts';
import type { Where } from '../events/recorder.ts';

export type TakeOfficeNeeds = {
  readonly database: Database;
  readonly offices: Pick<OfficeStore, 'of' | 'grant'>;
  readonly officeCredentials: Pick<CredentialDoor, 'waitingFor' | 'use'>;
  readonly accounts: Pick<AccountRegister, 'describe'>;
  readonly events: Pick<Events, 'credentialUsed'>;
};

/** The standing offices, with those that waited for her. */
export type HeldOffices = (account: Account, where: Where) => Promise<readonly Office[]>;

export function heldOffices(needs: TakeOfficeNeeds): HeldOffices {
  const { database, offices, officeCredentials } = needs;
  return async (account, where) => {
    const email = parseEmailAddress(account.verifiedEmail ?? '');
    const [held, waiting] = await Promise.all([
      offices.of(account.id),
      email.ok ? officeCredentials.waitingFor(email.key) : [],
    ]);
    if (waiting.length === 0) return held;
    for (const credential of waiting) {
      await database.transaction((tx) =>
        takeOffice(needs, where, credential, { ...account, isNew: false }, tx),
      );
    }
    return offices.of(account.id);
  };
}

type Comer = Pick<Account, 'id' | 'name'> & { readonly isNew: boolean };

/** False when the credentials are good no more. One office at an organisation is enough: another changes nothing. */
export async function takeOffice(
  { offices, officeCredentials, accounts, events }: Omit<TakeOfficeNeeds, 'database'>,
  where: Where,
  { id: credentialId, organisationId, role, issuedBy: by, name }: Credential,
  comer: Comer,
  tx: Queryable,
): Promise<boolean> {
  const { id: accountId, isNew } = comer;
  if (!(await officeCredentials.use(credentialId, tx))) return false;
  // Whoever signs the undertaking has a name.
  if (!comer.name) await accounts.describe(accountId, name, undefined, tx);
  await offices.grant({ accountId, organisationId, role, by }, tx);
  await events.credentialUsed(where, { accountId, organisationId, credentialId, isNew }, tx);
  return true;
}
