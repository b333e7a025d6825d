/** The way of a primary organisation into the register, in the order of its dependence (E-19). Pure. */
import type { RecordsSoFar } from '../../adapters/onboarding/onboarding.ts';

export const STEPS = [
  ...(['credentials', 'undertaking', 'passport', 'members'] as const),
  ...(['consents', 'order', 'handing_out', 'app'] as const),
] as const;
export type Step = (typeof STEPS)[number];

export type StepState =
  | { readonly step: Step; readonly state: 'done' | 'next' }
  | { readonly step: Step; readonly state: 'waiting'; readonly for: Step };

/** Absent records: the register is the АИС's, and the rest of the way goes on there. */
export function stepsOf(undertaken: boolean, records: RecordsSoFar | undefined): readonly StepState[] {
  const hasTickets = records !== undefined && records.ordered > 0;
  const done: Readonly<Record<Step, boolean>> = {
    credentials: true,
    undertaking: undertaken,
    passport: records?.passport === true,
    members: (records?.members ?? 0) > 0,
    consents: records !== undefined && records.members > 0 && records.unconsented === 0,
    order: hasTickets,
    handing_out: hasTickets && records.issued >= records.ordered,
    // Whether members have the application, nobody tells us.
    app: false,
  };
  const steps = records ? STEPS : STEPS.slice(0, 2);
  const next = steps.find((step) => !done[step]);
  return steps.map((step): StepState => {
    if (done[step]) return { step, state: 'done' };
    return step === next || next === undefined
      ? { step, state: 'next' }
      : { step, state: 'waiting', for: next };
  });
}
