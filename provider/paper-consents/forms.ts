/** Forms for a meeting (E-12): of each chosen member the consents that are not given, each on a page of its own. */
import { CONSENT_TYPES, type ConsentType } from '../../adapters/document-store/document-store.ts';
import type { MemberConsentsRow } from '../../adapters/member-consents/member-consents.ts';
import { paragraphsOf } from '../documents/paragraphs.ts';
import type { Templates } from '../documents/write-documents.ts';
import type { Screens } from '../http/screens/screens.ts';

/** As many as a meeting has, and a printer takes in one go. */
export const PEOPLE_AT_ONCE = 200;

export const lackingOf = ({ consents }: MemberConsentsRow): readonly ConsentType[] =>
  CONSENT_TYPES.filter((type) => consents[type].state !== 'given');

export const nameOf = ({ family, given, middle }: MemberConsentsRow): string =>
  [family, given, middle].filter(Boolean).join(' ');

/** `rows`: those who were chosen; whoever lacks none of the types needs no form. */
export function printedForms(
  templates: Pick<Templates, 'paperConsent'>,
  organisation: string,
  rows: readonly MemberConsentsRow[],
  types: readonly ConsentType[],
): Screens['chair/consents/print']['people'] {
  return rows.flatMap((row) => {
    const lacking = lackingOf(row).filter((type) => types.includes(type));
    if (lacking.length === 0) return [];
    const member = { name: row, birthdate: row.birthdate, organisation };
    const forms = lacking.map((type) => {
      const { title, body } = templates.paperConsent(type, member);
      return { title, blocks: paragraphsOf(body).filter(({ kind }) => kind !== 'title') };
    });
    return { name: nameOf(row), lacking, forms };
  });
}
