/** What chairs decide on applications, who was reminded of them, and ticks of consents on paper. */
import type { Queryable } from '../../adapters/database/database.ts';
import type { Recorder, Where } from './recorder.ts';

type AtDesk = { readonly staff: string; readonly organisationId: string };

export function applicationEvents({ record }: Recorder) {
  return {
    /** `above`: after it was escalated, by those above the organisation. */
    async applicationReviewed(
      where: Where,
      decided: AtDesk & { readonly applicationId: string; readonly state: string; readonly above: boolean },
      within: Queryable,
    ) {
      const { staff, organisationId: organisation, applicationId, state, above } = decided;
      await record(
        {
          ...{ event: 'application_decide', outcome: 'success', actor: staff },
          detail: { applicationId, state, organisation, above },
          ...where,
        },
        within,
      );
    },
    /** `step`: reminded, escalated; `letters`: how many were told. */
    async applicationsOverdue(
      told: {
        readonly organisationId: string;
        readonly step: string;
        readonly applications: number;
        readonly letters: number;
      },
      within: Queryable,
    ) {
      const { organisationId: organisation, ...detail } = told;
      await record(
        {
          ...{ event: 'applications_overdue', outcome: 'success', actor: 'gateway' },
          detail: { organisation, ...detail },
        },
        within,
      );
    },
    /** One member's card; `types`: the consents, each with its new answer. */
    async consentsTickedOnPaper(
      where: Where,
      ticked: AtDesk & { readonly memberId: string; readonly types: readonly string[] },
      within: Queryable,
    ) {
      const { staff, organisationId: organisation, memberId: member, types } = ticked;
      await record(
        {
          ...{ event: 'paper_consents_ticked', outcome: 'success', actor: staff },
          detail: { organisation, member, types: types.join(' ') },
          ...where,
        },
        within,
      );
    },
  };
}
