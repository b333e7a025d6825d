/** Who may do what of the onboarding (E-03…E-07): her own part everybody herself, of others the chair above. */
import { type OrganisationRule, OVERSEE, type StaffRules } from '../staff/rule.ts';

const BEGIN = { scope: 'organisation', undertaking: false, register: false } as const;
const EVERY_KIND = ['primary', 'territorial', 'regional', 'without_primary'] as const;

const LOOK = { ...BEGIN, who: 'own-or-above', kinds: EVERY_KIND } as const satisfies OrganisationRule;
const OWN = { ...LOOK, who: 'own' } as const satisfies OrganisationRule;
/** By the chair of a territorial or regional organisation, at her own: what she types she knows already (E-03). */
const ISSUE = { ...OVERSEE, role: 'chair' } as const satisfies OrganisationRule;
/** By the same, at one below: names and addresses, so not before the undertaking. */
const APPOINT = {
  ...{ ...BEGIN, who: 'above', kinds: ['primary', 'territorial'], role: 'chair', undertaking: true },
} as const satisfies OrganisationRule;

const AT = '/chair/:organisation';
const UNDERTAKING = `${AT}/undertaking` as const;
const OFFICERS = `${AT}/officers` as const;

export const homeRules = {
  [`GET ${AT}`]: LOOK,
  [`POST ${AT}/checklist`]: OWN,
} as const satisfies StaffRules;

export const undertakingRules = {
  [`GET ${UNDERTAKING}`]: OWN,
  [`POST ${UNDERTAKING}`]: OWN,
  [`GET ${UNDERTAKING}/:signing`]: OWN,
  [`POST ${UNDERTAKING}/:signing/again`]: OWN,
  [`POST ${UNDERTAKING}/:signing/code`]: OWN,
} as const satisfies StaffRules;

/** Looking on is for whoever works with the register there, too; names come with the undertaking. */
export const chairRules = { [`GET ${AT}/chairs`]: OVERSEE } as const satisfies StaffRules;

export const issueRules = {
  [`GET ${AT}/issue`]: ISSUE,
  [`POST ${AT}/issue`]: ISSUE,
  [`GET ${AT}/issues/:batch`]: ISSUE,
  [`POST ${AT}/issues/:batch/start`]: ISSUE,
  [`POST ${AT}/issues/:batch/sheets`]: ISSUE,
} as const satisfies StaffRules;

export const officerRules = {
  [`GET ${OFFICERS}`]: APPOINT,
  [`POST ${OFFICERS}`]: APPOINT,
  [`POST ${OFFICERS}/:office/checklist`]: APPOINT,
  [`POST ${OFFICERS}/:office/paper`]: APPOINT,
  [`POST ${OFFICERS}/:office/end`]: APPOINT,
  [`POST ${AT}/credentials/:credential/reissue`]: APPOINT,
  [`POST ${AT}/credentials/:credential/void`]: APPOINT,
} as const satisfies StaffRules;
