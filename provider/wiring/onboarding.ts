/** Credentials for chairs, their offices and how far they have come: the stores of it. */
import type { AccountRegister } from '../../adapters/account-store/account-store.ts';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import { postgresCredentials } from '../../adapters/credential-store/postgres.ts';
import type { Database } from '../../adapters/database/database.ts';
import { postgresOffices } from '../../adapters/office-store/postgres.ts';
import { postgresOnboarding } from '../../adapters/onboarding/postgres.ts';
import type { Config } from '../config.ts';
import type { Events } from '../events/events.ts';
import { lastingKey } from '../lasting-key.ts';
import { heldOffices } from '../onboarding/take-office.ts';

type OnboardingNeeds = {
  readonly database: Database;
  readonly cipher: Cipher;
  readonly accounts: AccountRegister;
  readonly events: Events;
};

export function openOnboarding(
  { secrets }: Pick<Config, 'secrets'>,
  { database, cipher, accounts, events }: OnboardingNeeds,
) {
  const offices = postgresOffices(database);
  const key = lastingKey(secrets.pairwiseSalt, 'credentials of chairs');
  const officeCredentials = postgresCredentials(database, cipher, key);
  return {
    ...{ offices, officeCredentials, onboarding: postgresOnboarding(database) },
    heldOffices: heldOffices({ database, offices, officeCredentials, accounts, events }),
  };
}
