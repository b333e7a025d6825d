/** Applications that were signed and handed to the register kept by ourselves, without the walk to them. */
import { createHash, randomUUID } from 'node:crypto';
import { postgresDesk } from '../../adapters/application-desk/postgres.ts';
import { postgresApplications } from '../../adapters/application-store/postgres.ts';
import { aesGcm } from '../../adapters/cipher/aes-gcm.ts';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Database } from '../../adapters/database/database.ts';
import { postgresRegistry } from '../../adapters/registry/postgres.ts';
import type { RegistryApplication } from '../../adapters/registry/registry.ts';
import { readConfig } from '../../provider/config.ts';
import { sharedSecrets } from './house.ts';

/** With the keys of the houses and gateways of this run. */
function applicantsCipher(): Cipher {
  return aesGcm(
    readConfig({ ...sharedSecrets, ISSUER: 'http://localhost:1', SANDBOX: 'on' }).secrets.encryptionKeys,
  );
}

/** By an operator; whoever follows the register tells the applicant. */
export function returnApplication(database: Database, id: string, reason: string): Promise<boolean> {
  const ranges = { take: async () => undefined };
  const desk = postgresDesk(database, { cipher: applicantsCipher(), ranges, employmentOf: () => 'other' });
  return desk.decline(id, 'all', { state: 'returned', reason, by: 'operator' });
}

/** Resolves to what the register has taken from this account. */
export async function applyFor(
  database: Database,
  accountId: string,
  changes: Partial<RegistryApplication> = {},
): Promise<RegistryApplication> {
  const cipher = applicantsCipher();
  const body = 'Заявление о вступлении в Профсоюз\n\n## 1. Просьба\n\nПрошу принять меня в Профсоюз.\n';
  const application: RegistryApplication = {
    ...{ id: randomUUID(), purpose: 'joining', organisationId: 'P-01', sex: 'female' },
    ...{ family: 'Ветрова', given: 'Ольга', middle: 'Ивановна', birthdate: '1990-05-17' },
    ...{ phone: '+79000000099', email: 'vetrova@example.test', employment: 'Работник' },
    signedAt: new Date().toISOString(),
    documents: [
      { type: 'application', version: '1', sha256: createHash('sha256').update(body).digest('hex'), body },
    ],
    ...changes,
  };
  const applications = postgresApplications(database, cipher);
  await database.transaction((tx) => applications.create(accountId, application, 'Школа', tx));
  await postgresRegistry(database, { cipher, admitsNobody: 'нет' }).submit(application);
  await applications.markDelivered(application.id);
  return application;
}
