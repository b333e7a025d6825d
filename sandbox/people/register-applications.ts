/** The sandbox's applications (domain.md §6.4) as the register kept by ourselves has them: waiting, accepted, refused. */
import { createHash } from 'node:crypto';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { RegistryApplication } from '../../adapters/registry/registry.ts';
import { APPLICATIONS, momentOf, type SeededApplication } from './applications.ts';

/** May be repeated: what was decided since stays decided. */
export async function seedRegisterApplications(database: Database, cipher: Cipher): Promise<void> {
  const today = new Date();
  for (const seeded of APPLICATIONS) {
    const { id, person, state, reason } = seeded;
    const at = momentOf(seeded, today);
    const waits = state === 'received';
    const sealed = cipher.seal(JSON.stringify(writtenBy(seeded, today)), `register-application:${id}`);
    await database.query(
      `insert into register_application
         (id, organisation_id, purpose, state, reason, member_id, received_at, decided_at, sealed)
       values ($1, $2, 'joining', $3, $4, $5, $6, $7, $8) on conflict do nothing`,
      [
        ...[id, person.organisation, state, reason ?? null, state === 'accepted' ? person.id : null],
        ...[at, waits ? null : at, waits ? sealed : null],
      ],
    );
  }
}

function writtenBy(seeded: SeededApplication, today: Date): RegistryApplication {
  const { id, person, sex, employment } = seeded;
  const { name, organisation: organisationId, email, phone } = person;
  const fullName = [name.family, name.given, name.middle].filter(Boolean).join(' ');
  const body = `Заявление о вступлении в Профсоюз\n\n## 1. Просьба\n\nПрошу принять меня в Профсоюз.\n\n## 2. Заявитель\n\n- ${fullName}\n`;
  return {
    ...{ id, purpose: 'joining', organisationId, ...name, sex, birthdate: person.birthdate(today) },
    ...{ phone, email, employment, signedAt: momentOf(seeded, today).toISOString() },
    documents: [
      { type: 'application', version: '1', sha256: createHash('sha256').update(body).digest('hex'), body },
    ],
  };
}
