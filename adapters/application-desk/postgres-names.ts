/** By what a chair knows whose application she has returned: family name and initials, as long as it may be corrected. */
import type { Cipher } from '../cipher/cipher.ts';
import type { Database } from '../database/database.ts';
import type { RegistryApplication } from '../registry/registry.ts';
import type { Sweeper } from '../storage/storage.ts';

/** As long as the applicant's own draft. */
const KEPT = '90 days';
const SWEPT_AT_ONCE = 5_000;

const contextOf = (id: string): string => `register-application-name:${id}`;

export function sealName(cipher: Cipher, { id, family, given, middle }: RegistryApplication): string {
  const initials = [given, middle].flatMap((name) => (name ? `${[...name][0]}.` : []));
  return cipher.seal([family, ...initials].join(' '), contextOf(id));
}

export function openName(cipher: Cipher, id: string, sealed: string): string {
  return cipher.open(sealed, contextOf(id));
}

export function returnedNames(database: Database): Sweeper {
  return {
    async sweep() {
      const rows = await database.query(
        `update register_application set applicant_sealed = null where id in
           (select id from register_application
             where applicant_sealed is not null and decided_at < now() - interval '${KEPT}' limit ${SWEPT_AT_ONCE})
         returning id`,
      );
      return rows.length;
    },
  };
}
