/** «Тип занятости» of an application, where the applicant's word stands, as the card of a member keeps it: a code. */
import { EMPLOYMENTS } from '../join/application-form.ts';
import { inRussian } from '../join/prepare-documents.ts';

export type Employment = (typeof EMPLOYMENTS)[number];

/** Undefined: a word of another register, or of an older dictionary. */
export function employmentOf(said: string): Employment | undefined {
  return EMPLOYMENTS.find((code) => inRussian(`join.application.${code}`) === said);
}
