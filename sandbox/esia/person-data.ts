/** A person as the REST services give them: only what the scopes cover, collections as addresses or inline. */
import { createHash } from 'node:crypto';
import type { Contact, EsiaPerson } from './people.ts';

export type Collection = 'ctts' | 'docs' | 'addrs' | 'orgs' | 'roles' | 'kids' | 'vhls';

/** `embed` names collections in words of its own. */
export const EMBEDDED: Readonly<Record<string, Collection>> = {
  contacts: 'ctts',
  documents: 'docs',
  addresses: 'addrs',
  organizations: 'orgs',
};

const COLLECTION_SCOPES: Readonly<Record<Collection, readonly string[]>> = {
  ctts: ['email', 'mobile', 'contacts'],
  docs: ['id_doc'],
  addrs: ['addresses'],
  orgs: ['usr_org'],
  roles: ['usr_org'],
  kids: [],
  vhls: [],
};

export type Element = Readonly<Record<string, unknown>> & { readonly id: number };

export const isCollection = (name: string): name is Collection => name in COLLECTION_SCOPES;

export function covers(scopes: readonly string[], collection: Collection): boolean {
  return COLLECTION_SCOPES[collection].some((scope) => scopes.includes(scope));
}

/** Person-3, without collections. */
export function personRecord(person: EsiaPerson, scopes: readonly string[]): Record<string, unknown> {
  const { family, given, middle, birthdate, gender, snils, inn, citizenship, level } = person;
  const has = (scope: string) => scopes.includes(scope);
  const record = {
    stateFacts: ['EntityRoot'],
    ...(has('fullname') && { firstName: given, lastName: family, ...(middle && { middleName: middle }) }),
    ...(has('birthdate') && { birthDate: birthdate }),
    ...(has('gender') && { gender }),
    ...(has('snils') && snils && { snils }),
    ...(has('inn') && inn && { inn }),
    ...(has('birthplace') && { birthPlace: 'г. Пермь' }),
    ...(has('id_doc') && { citizenship }),
    trusted: level === 'confirmed',
    verifying: false,
    status: 'REGISTERED',
    updatedOn: 1_700_000_000,
    rIdDoc: person.oid + 1,
    containsUpCfmCode: false,
    rfgUOperatorCheck: false,
    kidAccCreatedByParent: level === 'child',
  };
  return { ...record, eTag: eTagOf(record) };
}

export function elementsOf(
  person: EsiaPerson,
  collection: Collection,
  scopes: readonly string[],
): readonly Element[] {
  switch (collection) {
    case 'ctts':
      return contactsOf(person, scopes);
    case 'docs':
      return documentsOf(person);
    case 'roles':
    case 'orgs':
      return person.roles.map(({ oid, fullName, ogrn, type, chief }) => ({
        id: oid,
        oid,
        prnOid: person.oid,
        fullName,
        shortName: fullName,
        ogrn,
        type,
        chief,
        admin: chief,
      }));
    case 'addrs':
      return [
        {
          id: person.oid * 10 + 1,
          stateFacts: ['Identifiable'],
          type: 'PLV',
          addressStr: 'Пермский край, г. Пермь',
          zipCode: '614000',
          countryId: 'RUS',
        },
      ];
    case 'kids':
    case 'vhls':
      return [];
  }
}

export function eTagOf(content: unknown): string {
  return createHash('sha1').update(JSON.stringify(content)).digest('hex').toUpperCase();
}

function contactsOf({ oid, email, mobile }: EsiaPerson, scopes: readonly string[]): readonly Element[] {
  const all = scopes.includes('contacts');
  const elements: Element[] = [];
  if (mobile && (all || scopes.includes('mobile'))) elements.push(element(oid * 10 + 1, 'MBT', mobile));
  if (email && (all || scopes.includes('email'))) elements.push(element(oid * 10 + 2, 'EML', email));
  return elements;
}

function element(id: number, type: string, { value, verified, changingTo }: Contact): Element {
  const content = {
    stateFacts: ['Identifiable'],
    id,
    type,
    vrfStu: verified ? 'VERIFIED' : 'NOT_VERIFIED',
    value,
    ...(changingTo !== undefined && { vrfValStu: 'VERIFYING', verifyingValue: changingTo }),
  };
  return { ...content, eTag: eTagOf(content) };
}

/** Whoever is more than simplified has shown a document. */
function documentsOf({ oid, level, citizenship }: EsiaPerson): readonly Element[] {
  if (level === 'simplified') return [];
  const type = citizenship === 'RUS' ? 'RF_PASSPORT' : 'FID_DOC';
  return [
    {
      stateFacts: ['EntityRoot'],
      id: oid + 1,
      type,
      vrfStu: 'VERIFIED',
      series: '0000',
      number: String(oid).slice(-6),
      issueDate: '01.01.2020',
      issueId: '000000',
      issuedBy: 'СТЕНД',
    },
  ];
}
