/** Variant 2 as a form: what may be posted, how it is kept in the draft, and what the data rules say of it. Pure. */
import { z } from 'zod';
import type { Draft } from '../../adapters/draft-store/draft-store.ts';
import type { RegistryOrganisation } from '../../adapters/registry/registry.ts';
import { parsePhoneNumber } from '../data-rules/phone-number.ts';
import {
  consentProblems,
  type FormProblem,
  personFields,
  type ReadPerson,
  readPerson,
  typedText,
} from './person-fields.ts';

export const PURPOSES = ['joining', 'enrolment'] as const;
export const SEXES = ['male', 'female'] as const;
/** Q-09; their names are in the catalogues. */
export const EMPLOYMENTS = ['worker', 'student', 'pensioner', 'other'] as const;

const LONGEST_UNIT = 200;

/** What is typed, without what the buttons say. */
const typedFields = {
  ...personFields,
  purpose: z.enum(PURPOSES),
  sex: z.enum(SEXES).optional(),
  phone: typedText,
  organisation_query: typedText,
  unit: typedText,
  employment: z.enum(EMPLOYMENTS).optional(),
};

export const applicationFields = {
  ...typedFields,
  /** Id of the chosen organisation; empty or absent before one is chosen. */
  organisation: z.string().max(255).optional(),
  /** Absent when the form is sent by the Enter key. */
  intent: z.enum(['find', 'join']).optional(),
};

export type ApplicationField = keyof typeof typedFields;

const organisationChoice = z.object({
  id: z.string(),
  name: z.string(),
  shortName: z.string(),
  town: z.string().optional(),
  region: z.string(),
  inn: z.string().optional(),
  units: z.array(z.string()),
});
/** An organisation that admits members, as it was when it was chosen. */
export type OrganisationChoice = z.output<typeof organisationChoice>;

const applicationDraft = z.object({
  typed: z.object(typedFields),
  organisation: organisationChoice.optional(),
});
export type ApplicationDraft = z.output<typeof applicationDraft>;

/** Undefined when there is none, or one of another release that is not understood any more. */
export function applicationDraftOf(draft: Draft | undefined): ApplicationDraft | undefined {
  return applicationDraft.safeParse(draft?.forms.application).data;
}

export function choiceOf(organisation: RegistryOrganisation): OrganisationChoice {
  const { id, name, shortName, town, region, inn, units } = organisation;
  return { id, name, shortName, town, region, inn, units: [...units] };
}

/** What the documents are made of and the register is told. */
export type ReadApplication = ReadPerson & {
  readonly purpose: (typeof PURPOSES)[number];
  readonly sex: (typeof SEXES)[number];
  /** E.164. */
  readonly phone: string;
  readonly organisation: OrganisationChoice;
  readonly unit?: string;
  readonly employment: (typeof EMPLOYMENTS)[number];
};

/** `organisation` undefined: none is chosen. */
export function readApplication(
  { typed, organisation }: ApplicationDraft,
  today: string,
):
  | { readonly ok: true; readonly application: ReadApplication }
  | { readonly ok: false; readonly problems: readonly FormProblem<ApplicationField>[] } {
  const { person, problems: ofPerson } = readPerson(typed, today);
  const { purpose, sex, employment } = typed;
  const problems: FormProblem<ApplicationField>[] = [...ofPerson];
  if (!sex) problems.push({ field: 'sex', code: 'sex_missing' });
  const phone = parsePhoneNumber(typed.phone);
  if (!phone.ok) {
    problems.push({ field: 'phone', code: typed.phone.trim() === '' ? 'phone_missing' : phone.fault });
  }
  if (!organisation) problems.push({ field: 'organisation_query', code: 'organisation_missing' });
  // As it is written: a compatibility form would make «No 3» of «№ 3».
  const unit = typed.unit
    .normalize('NFC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (unit.length > LONGEST_UNIT) problems.push({ field: 'unit', code: 'unit_too_long' });
  // Control characters and half code points: no database and no paper takes them.
  else if (/\p{C}/u.test(unit)) problems.push({ field: 'unit', code: 'unit_forbidden_character' });
  if (!employment) problems.push({ field: 'employment', code: 'employment_missing' });
  problems.push(...consentProblems(typed));

  if (problems.length > 0 || !sex || !phone.ok || !organisation || !employment)
    return { ok: false, problems };
  return {
    ok: true,
    application: {
      ...person,
      purpose,
      sex,
      phone: phone.value,
      organisation,
      employment,
      ...(unit !== '' && { unit }),
    },
  };
}
