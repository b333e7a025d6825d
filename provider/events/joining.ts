/** From «Создать» to the signed application. */
import type { Queryable } from '../../adapters/database/database.ts';
import type { Recorder, Where } from './recorder.ts';

export function joiningEvents({ record, metrics, log }: Recorder) {
  return {
    /** With the version of the terms that was ticked at this moment. `id` becomes that of the account. */
    async registrationBegun(where: Where, id: string, termsVersion: string, within: Queryable) {
      await record(
        {
          event: 'registration',
          outcome: 'success',
          actor: 'unknown',
          accountId: id,
          detail: { terms: termsVersion },
          requestId: where.requestId,
          network: where.network,
        },
        within,
      );
    },
    /** Somebody wanted an account for an address that has one; `told`: the page said so (C-06). */
    async takenAddressAsked(where: Where, told: boolean) {
      await record({
        event: 'registration',
        outcome: 'failure',
        actor: 'unknown',
        reason: 'email_taken',
        detail: { told },
        requestId: where.requestId,
        network: where.network,
      });
    },
    registrationLetterRepeated(where: Where, id: string) {
      metrics.event('registration_letter');
      log.info(
        { event: 'registration_letter', requestId: where.requestId, accountId: id },
        'registration_letter',
      );
    },
    async registrationReaddressed(where: Where, id: string, within: Queryable) {
      await record(
        {
          event: 'registration_address',
          outcome: 'success',
          actor: 'unknown',
          accountId: id,
          requestId: where.requestId,
          network: where.network,
        },
        within,
      );
    },
    async registrationConfirmed(where: Where, accountId: string, within: Queryable) {
      await record(
        {
          event: 'registration_confirm',
          outcome: 'success',
          actor: accountId,
          accountId,
          requestId: where.requestId,
          network: where.network,
        },
        within,
      );
    },
    async registrationDisowned(where: Where, id: string, within: Queryable) {
      await record(
        {
          event: 'registration_disown',
          outcome: 'success',
          actor: 'unknown',
          accountId: id,
          requestId: where.requestId,
          network: where.network,
        },
        within,
      );
    },
    /** told within a query of its own, so that nothing is asked before this is on record. */
    async consentTicked(
      where: Where,
      accountId: string,
      { type, version }: { type: string; version: string },
      within: Queryable,
    ) {
      await record(
        {
          event: 'consent_ticked',
          outcome: 'success',
          actor: accountId,
          accountId,
          detail: { type, version },
          ...where,
        },
        within,
      );
    },
    /** `answer`: match, or why not. */
    async membershipChecked(where: Where, accountId: string, answer: string) {
      await record({
        event: 'membership_check',
        outcome: answer === 'match' ? 'success' : 'failure',
        actor: accountId,
        accountId,
        reason: answer,
        ...where,
      });
    },
    async memberBound(where: Where, accountId: string, within: Queryable) {
      await record(
        { event: 'member_bound', outcome: 'success', actor: accountId, accountId, ...where },
        within,
      );
    },
    async applicationSigned(where: Where, accountId: string, applicationId: string, within: Queryable) {
      await record(
        {
          event: 'application_signed',
          outcome: 'success',
          actor: accountId,
          accountId,
          detail: { applicationId },
          ...where,
        },
        within,
      );
    },
  };
}
