/** Everybody of the sandbox, into the gateway's database: members, doors, schools. What is there already stays. */
import { aesGcm } from '../adapters/cipher/aes-gcm.ts';
import { snilsSealer } from '../provider/cli/import/sealed-snils.ts';
import type { Config } from '../provider/config.ts';
import type { House } from '../provider/wiring/wiring.ts';
import { tickPaperConsents } from './people/paper-consents.ts';
import { seed, seedCases, seedLinks, seedSchools, seedSnils } from './people/people.ts';
import { seedRegisterApplications } from './people/register-applications.ts';
import { seedTicketOrders } from './people/ticket-orders.ts';
import type { SandboxSettings } from './settings.ts';
import type { SandboxUpstreams } from './upstreams.ts';

export type PopulateNeeds = {
  readonly config: Config;
  readonly house: House;
  readonly settings: SandboxSettings;
  readonly upstreams: SandboxUpstreams;
};

/** `passwords`: person id → password. */
export async function populate(
  { config: { secrets }, house, settings, upstreams }: PopulateNeeds,
  passwords: Readonly<Record<string, string>>,
): Promise<void> {
  const { database } = house.stores;
  await seed(database, house.hasher, passwords);
  const cipher = aesGcm(secrets.encryptionKeys);
  await seedSnils(database, snilsSealer(cipher, secrets.pairwiseSalt));
  await seedLinks(database, upstreams.issuers);
  await seedSchools(database, settings.region.subsystems);
  await seedCases(database, cipher);
  await tickPaperConsents(database, house.documents);
  if (settings.register === 'own') {
    await seedTicketOrders(database);
    await seedRegisterApplications(database, cipher);
  }
}
