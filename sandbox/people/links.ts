/** Ways through Gosuslugi and РСАА that people of the sandbox have linked already; the others link for the first time. */
import type { Database } from '../../adapters/database/database.ts';
import type { IdentityKey } from '../../adapters/identity.ts';
import type { ToldPerson } from '../../adapters/link-store/link-store.ts';
import { postgresLinks } from '../../adapters/link-store/postgres.ts';
import type { SealedSnils } from '../../provider/cli/import/sealed-snils.ts';
import { parseCalendarDate } from '../../provider/data-rules/calendar-date.ts';
import { parseEmailAddress } from '../../provider/data-rules/email-address.ts';
import { parseSnils } from '../../provider/data-rules/snils.ts';
import { esiaPeople } from '../esia/people.ts';
import { rsaaPeople } from '../rsaa/people.ts';
import { persons } from './register.ts';

const THROUGH_ESIA = ['M-01', 'M-10', 'M-11', 'M-13', 'M-14', 'M-24'];
const THROUGH_RSAA = ['M-25', 'M-33'];

type Seeded = {
  readonly person: string;
  readonly upstream: string;
  readonly key: IdentityKey;
  readonly told: ToldPerson;
};

/** The issuers as the gateway's configuration has them. May be repeated: whatever people did meanwhile stays. */
export async function seedLinks(
  database: Database,
  { esiaIssuer, rsaaIssuer }: { readonly esiaIssuer: string; readonly rsaaIssuer: string },
): Promise<void> {
  const links = postgresLinks(database);
  for (const { person, upstream, key, told } of [...esiaLinks(esiaIssuer), ...rsaaLinks(rsaaIssuer)]) {
    await database.transaction(async (tx) => {
      const [account] = await tx.query<{ id: string }>(
        `select i.account_id as id from identifier i where i.kind = 'email' and i.value = $1
            and not exists (select from linked_identity l
                             where l.issuer = $2 and (l.subject = $3 or l.account_id = i.account_id))
            and not exists (select from former_link f where f.issuer = $2 and f.account_id = i.account_id)`,
        [emailKeyOf(person), key.issuer, key.subject],
      );
      if (account) await links.link(account.id, upstream, key, told, tx);
    });
  }
}

/** SNILS of the members who have one, where the register does not know it yet. */
export async function seedSnils(
  database: Database,
  seal: (snils: string, memberId: string) => SealedSnils,
): Promise<void> {
  for (const { id, snils, membership } of persons) {
    const parsed = snils === undefined || !membership ? undefined : parseSnils(snils);
    if (!parsed?.ok) continue;
    const { sealed, digest } = seal(parsed.value, id);
    await database.query(
      'update member set snils_sealed = $2, snils_hmac = $3 where id = $1 and snils_hmac is null',
      [id, sealed, digest],
    );
  }
}

function esiaLinks(issuer: string): readonly Seeded[] {
  const people = esiaPeople();
  return THROUGH_ESIA.map((id) => {
    const person = people.byId(id);
    if (!person) throw new Error(`ESIA does not know ${id}`);
    const { oid, level, family, given, middle, birthdate, email } = person;
    return {
      ...{ person: id, upstream: 'esia', key: { issuer, subject: String(oid) } },
      told: {
        ...{ family, given, confirmed: level === 'confirmed' },
        ...(middle !== undefined && { middle }),
        ...dayOf(birthdate),
        ...(email?.verified && { email: email.value }),
      },
    };
  });
}

function rsaaLinks(issuer: string): readonly Seeded[] {
  const people = rsaaPeople('').all();
  return THROUGH_RSAA.map((id) => {
    const person = people.find((each) => each.id === id);
    if (!person) throw new Error(`РСАА does not know ${id}`);
    const { sub, family, given, middle, birthdate, email } = person;
    return {
      ...{ person: id, upstream: 'rsaa', key: { issuer, subject: sub } },
      told: {
        ...{ family, given, email, confirmed: false },
        ...(middle !== undefined && { middle }),
        ...dayOf(birthdate),
      },
    };
  });
}

function dayOf(text = ''): Pick<ToldPerson, 'birthdate'> {
  const parsed = parseCalendarDate(text);
  return parsed.ok ? { birthdate: parsed.value } : {};
}

function emailKeyOf(id: string): string {
  const parsed = parseEmailAddress(persons.find((person) => person.id === id)?.email ?? '');
  if (!parsed.ok) throw new Error(`${id} has no address`);
  return parsed.key;
}
