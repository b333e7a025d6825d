/** The member register: another system's, of whose members we keep a copy, or our own. */
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { FeedPosition } from '../../adapters/feed-position/feed-position.ts';
import { postgresFeedPosition } from '../../adapters/feed-position/postgres.ts';
import { httpRegistry } from '../../adapters/registry/http.ts';
import { postgresMirror } from '../../adapters/registry/mirror.ts';
import { postgresRegistry } from '../../adapters/registry/postgres.ts';
import type { Registry, RememberMember } from '../../adapters/registry/registry.ts';
import type { Config } from '../config.ts';
import { organisationWords } from '../data-rules/organisation-words.ts';
import { DEFAULT_LOCALE, translator } from '../http/texts.ts';

export function openRegister(
  { registry: { external } }: Config,
  database: Database,
  cipher: Cipher,
): { registry: Registry; rememberMember: RememberMember; position: FeedPosition } {
  if (external) {
    return {
      registry: httpRegistry(external),
      rememberMember: postgresMirror(organisationWords),
      position: postgresFeedPosition(database, external.url),
    };
  }
  const t = translator(DEFAULT_LOCALE);
  return {
    registry: postgresRegistry(database, { cipher, admitsNobody: t('problem.organisation_admits_nobody') }),
    rememberMember: async () => {},
    position: postgresFeedPosition(database, 'own'),
  };
}
