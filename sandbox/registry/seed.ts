/** Fills the simulated АИС with the sandbox's organisations, people and applications (domain.md §6). What is there stays. */
import { createHash } from 'node:crypto';
import { APPLICATIONS, momentOf, type SeededApplication } from '../people/applications.ts';
import { paperConsentsOf } from '../people/paper-consents.ts';
import { birthdateOf, type Organisation, organisations, type Person, persons } from '../people/register.ts';
import type { Card, KnownOrganisation, RegistryStore, StoredApplication } from './store.ts';

export function seedRegistry(store: RegistryStore, today: Date): void {
  store.atOnce(() => {
    if (store.organisations().length > 0) return;
    for (const organisation of organisations) store.saveOrganisation(toOrganisation(organisation));
    for (const person of persons) {
      const card = toCard(person, today);
      if (card) store.saveCard(card);
    }
    for (const seeded of APPLICATIONS) store.saveApplication(toApplication(store, seeded, today));
  });
}

function toOrganisation({ kind, parent: _, closed, units, ...known }: Organisation): KnownOrganisation {
  const { email, phone, ...facts } = known;
  return {
    ...facts,
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
    workplace: kind === 'primary' || kind === 'without_primary',
    admits: kind === 'primary' && closed !== true,
    units: units ?? [],
  };
}

function toCard(person: Person, today: Date): Card | undefined {
  const { id, name, registry, organisation, membership, tickets } = person;
  const birthdate = birthdateOf(person, today);
  if (!name || !organisation || !membership || birthdate === undefined) return undefined;
  return {
    id,
    family: registry?.family ?? name.family,
    given: registry?.given ?? name.given,
    ...(name.middle !== undefined && { middle: name.middle }),
    birthdate,
    membership,
    organisationId: organisation,
    tickets,
    consents: paperConsentsOf(id),
  };
}

function toApplication(store: RegistryStore, seeded: SeededApplication, today: Date): StoredApplication {
  const { person, state, reason } = seeded;
  const { name, birthdate, email, phone, organisation } = person;
  const at = momentOf(seeded, today).toISOString();
  const body = `Заявление\n\n${[name.family, name.given, name.middle].filter(Boolean).join(' ')}`;
  return {
    application: {
      id: seeded.id,
      purpose: 'joining',
      organisationId: organisation,
      ...name,
      sex: seeded.sex,
      birthdate: birthdate(today),
      phone,
      email,
      employment: seeded.employment,
      signedAt: at,
      documents: [
        { type: 'application', version: '1', sha256: createHash('sha256').update(body).digest('hex'), body },
      ],
    },
    state,
    receivedAt: at,
    ...(reason !== undefined && { reason }),
    ...(state !== 'received' && { decidedAt: at }),
    ...(store.card(person.id) && { memberId: person.id }),
  };
}
