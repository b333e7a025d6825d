/**
 * Documents from the current templates and a person's data: exact text and its hash. Pure, once the templates are read;
 * knows neither who may sign nor where documents are kept.
 */
import type {
  Channel,
  ConsentType,
  DocumentType,
  NewDocument,
  Sender,
} from '../../adapters/document-store/document-store.ts';
import type { OfficeRole, OrganisationKind } from '../../adapters/office-store/office-store.ts';
import words from '../../views/documents/words.json' with { type: 'json' };
import type { PersonName } from '../data-rules/person-name.ts';
import { sha256 } from './sha256.ts';
import { fill, type Kind, type Template, type TemplateShelf } from './templates.ts';

/** Who declares; what is not known is said to be so. */
export type Declarant = {
  readonly name: PersonName;
  /** Confirmed. */
  readonly email: string;
  /** yyyy-mm-dd. */
  readonly birthdate?: string | undefined;
  readonly phone?: string | undefined;
  readonly ticket?: string | undefined;
};

export type ApplicationText = {
  readonly purpose: 'joining' | 'enrolment';
  readonly sex: 'male' | 'female';
  readonly birthdate: string;
  readonly phone: string;
  readonly organisation: { readonly name: string; readonly inn?: string | undefined };
  readonly unit?: string | undefined;
  readonly employment: string;
};

/** For whom somebody works with the register, and as whom. */
export type UndertakingText = {
  readonly organisation: string;
  readonly kind: OrganisationKind;
  readonly role: OfficeRole;
};

/** Whose card says so; `birthdate` as yyyy-mm-dd. */
export type PaperMember = {
  readonly name: PersonName;
  readonly birthdate: string;
  readonly organisation: string;
};

export type PaperForm = { readonly version: string; readonly title: string; readonly body: string };

export type MessageChoice = { readonly channels: readonly Channel[]; readonly senders: readonly Sender[] };

export type Terms = {
  readonly version: string;
  /** Day of publication, yyyy-mm-dd. */
  readonly from: string;
  readonly title: string;
  readonly body: string;
  readonly sha256: string;
};

export type Templates = {
  /** The terms people have to have accepted now. */
  currentTerms(): Terms;
  /** Older ones stay readable. */
  termsOf(version: string): Terms | undefined;
  /** The oldest first. */
  termsVersions(): readonly Terms[];
  /** Version and title of the consent as it would be signed now. */
  currentConsent(type: ConsentType): { readonly version: string; readonly title: string };
  unionConsent(declarant: Declarant): NewDocument;
  finfortConsent(declarant: Declarant): NewDocument;
  /** Throws RangeError without any channel or sender: such a consent consents to nothing. */
  messagesConsent(declarant: Declarant, choice: MessageChoice): NewDocument;
  /** To be printed and signed by hand: no document of an account, and so without a hash. */
  paperConsent(type: ConsentType, member: PaperMember): PaperForm;
  application(declarant: Declarant, application: ApplicationText): NewDocument;
  undertaking(declarant: Declarant, office: UndertakingText): NewDocument;
};

export function documentWriter(shelf: TemplateShelf): Templates {
  const terms = shelf.terms.map(toTerms);
  const write = (
    type: DocumentType,
    kind: Kind,
    declarant: Declarant,
    others: Readonly<Record<string, string>> = {},
  ) => {
    const template = current(shelf, kind);
    const body = fill(template, { ...valuesOf(declarant), ...others });
    const signer = fullName(declarant.name);
    return { type, version: template.version, title: template.title, body, sha256: sha256(body), signer };
  };

  return {
    currentTerms: () => toTerms(current(shelf, 'terms')),
    termsOf: (version) => terms.find((each) => each.version === version),
    termsVersions: () => terms,
    currentConsent(type) {
      const { version, title } = current(shelf, type);
      return { version, title };
    },
    unionConsent: (declarant) => write('union_pd', 'union_pd', declarant),
    finfortConsent: (declarant) => write('finfort_pd', 'finfort_pd', declarant),
    messagesConsent(declarant, choice) {
      const channels = inOrder(words.channel, choice.channels);
      const senders = inOrder(words.sender, choice.senders);
      if (channels.length === 0 || senders.length === 0) {
        throw new RangeError('a consent to messages names a channel and a sender');
      }
      const document = write('union_messages', 'union_messages', declarant, {
        channels: channels.map((channel) => words.channel[channel]).join(', '),
        senders: senders.map((sender) => words.sender[sender]).join(', '),
      });
      return { ...document, channels, senders };
    },
    paperConsent(type, { name, birthdate, organisation }) {
      const template = current(shelf, `${type}-paper`);
      const values = { name: fullName(name), birthdate: dotted(birthdate), organisation };
      return { version: template.version, title: template.title, body: fill(template, values) };
    },
    application: (declarant, { purpose, sex, birthdate, phone, organisation, unit, employment }) =>
      write(
        'application',
        `application-${purpose}`,
        { ...declarant, birthdate, phone },
        {
          sex: words.sex[sex],
          organisation: organisation.name,
          inn: orMissing(organisation.inn),
          unit: orMissing(unit),
          employment,
        },
      ),
    undertaking: (declarant, { organisation, kind, role }) =>
      write('undertaking', 'undertaking', declarant, {
        organisation,
        office: officeInWords(role, kind),
      }),
  };
}

/** As documents name whoever acts for an organisation of that kind. */
export function officeInWords(role: OfficeRole, kind: OrganisationKind): string {
  return role === 'responsible' ? words.office.responsible : words.office.chair[kind];
}

/** Surname, name, patronymic. */
function fullName({ family, given, middle }: PersonName): string {
  return [family, given, middle].filter(Boolean).join(' ');
}

function valuesOf({ name, birthdate, email, phone, ticket }: Declarant): Record<string, string> {
  return {
    name: fullName(name),
    birthdate: orMissing(birthdate && dotted(birthdate)),
    email,
    phone: orMissing(phone),
    ticket: orMissing(ticket),
  };
}

const dotted = (day: string): string => day.split('-').reverse().join('.');

function orMissing(value: string | undefined): string {
  return value || words.missing;
}

/** Each once and in one order, so that equal choices make equal texts. */
function inOrder<Name extends string>(
  table: Readonly<Record<Name, string>>,
  chosen: readonly Name[],
): Name[] {
  return (Object.keys(table) as Name[]).filter((name) => chosen.includes(name));
}

function current(shelf: TemplateShelf, kind: Kind): Template {
  const template = shelf[kind].at(-1);
  if (!template) throw new RangeError(`no template «${kind}»`);
  return template;
}

function toTerms({ version, from, title, text }: Template): Terms {
  return { version, from, title, body: text, sha256: sha256(text) };
}
