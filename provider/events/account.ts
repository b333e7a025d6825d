/** What people do with their accounts. */
import type { Queryable } from '../../adapters/database/database.ts';
import type { EVIDENCE_TERM_OVER } from './names.ts';
import type { Recorder, Where } from './recorder.ts';

export function accountEvents({ record, metrics, log }: Recorder) {
  return {
    async passwordChanged(where: Where, accountId: string) {
      await record({ event: 'password_change', outcome: 'success', actor: accountId, accountId, ...where });
    },
    async passwordChangeRefused(where: Where, accountId: string, reason: string) {
      await record({
        event: 'password_change',
        outcome: 'failure',
        actor: accountId,
        accountId,
        reason,
        ...where,
      });
    },
    /** Whose address it was, and whether anybody's, is not known here. */
    resetAsked(where: Where, taken: boolean) {
      metrics.event('reset_asked');
      log.info({ event: 'reset_asked', requestId: where.requestId, taken }, 'reset_asked');
    },
    /** `by`: who asked for it, where that is known. */
    async resetLetterWritten(where: Where, accountId: string, within: Queryable, by = 'unknown') {
      await record(
        { event: 'password_reset_letter', outcome: 'success', actor: by, accountId, ...where },
        within,
      );
    },
    async passwordReset(where: Where, accountId: string, within: Queryable) {
      await record(
        { event: 'password_reset', outcome: 'success', actor: accountId, accountId, ...where },
        within,
      );
    },
    /** `what`: the act that asked for the password once more. */
    async passwordProofRefused(where: Where, accountId: string, what: string, reason: string) {
      await record({
        event: 'password_proof',
        outcome: 'failure',
        actor: accountId,
        accountId,
        reason,
        detail: { for: what },
        ...where,
      });
    },
    async emailChangeBegun(where: Where, accountId: string, within: Queryable) {
      await record(
        { event: 'email_change_begun', outcome: 'success', actor: accountId, accountId, ...where },
        within,
      );
    },
    async emailChangeRefused(where: Where, accountId: string, reason: string, within: Queryable) {
      await record(
        { event: 'email_change_code', outcome: 'failure', actor: accountId, accountId, reason, ...where },
        within,
      );
    },
    async emailChangeCancelled(where: Where, accountId: string, within: Queryable) {
      await record(
        { event: 'email_change_cancelled', outcome: 'success', actor: accountId, accountId, ...where },
        within,
      );
    },
    async emailChanged(where: Where, accountId: string, within: Queryable) {
      await record(
        { event: 'email_change', outcome: 'success', actor: accountId, accountId, ...where },
        within,
      );
    },
    async emailRestored(where: Where, accountId: string, within: Queryable) {
      await record(
        { event: 'email_restored', outcome: 'success', actor: accountId, accountId, ...where },
        within,
      );
    },
    async deletionRequested(where: Where, accountId: string, within: Queryable) {
      await record(
        { event: 'deletion_requested', outcome: 'success', actor: accountId, accountId, ...where },
        within,
      );
    },
    async deletionRefused(where: Where, accountId: string, reason: string, within: Queryable) {
      await record(
        { event: 'deletion_code', outcome: 'failure', actor: accountId, accountId, reason, ...where },
        within,
      );
    },
    async deletionCancelled(where: Where, accountId: string, within: Queryable) {
      await record(
        { event: 'deletion_cancelled', outcome: 'success', actor: accountId, accountId, ...where },
        within,
      );
    },
    async dataExported(where: Where, accountId: string) {
      await record({ event: 'data_exported', outcome: 'success', actor: accountId, accountId, ...where });
    },
    async accountClosed(accountId: string, within: Queryable) {
      await record({ event: 'account_closed', outcome: 'success', actor: 'system', accountId }, within);
    },
    /** The record of destruction (order 179 of Roskomnadzor): whose, what, how much, on which ground, and when. */
    async dataDestroyed(
      accountId: string,
      ground: 'demand_of_the_person' | typeof EVIDENCE_TERM_OVER,
      rows: Readonly<Record<string, number>>,
      within: Queryable,
    ) {
      await record(
        {
          event: 'data_destroyed',
          outcome: 'success',
          actor: 'system',
          accountId,
          reason: ground,
          detail: rows,
        },
        within,
      );
    },
    /** Proved there, but no way into this account: the attempt is over. */
    async wayRefused(
      where: Where,
      accountId: string,
      { upstream, reason }: { upstream: string; reason: string },
    ) {
      await record({
        event: 'way_added',
        outcome: 'failure',
        actor: accountId,
        accountId,
        reason,
        detail: { upstream },
        ...where,
      });
    },
    async wayRemoved(where: Where, accountId: string, upstream: string, within: Queryable) {
      await record(
        {
          event: 'way_removed',
          outcome: 'success',
          actor: accountId,
          accountId,
          detail: { upstream },
          ...where,
        },
        within,
      );
    },
    async wayRemovalRefused(where: Where, accountId: string, upstream: string, within: Queryable) {
      await record(
        {
          event: 'way_removed',
          outcome: 'failure',
          actor: accountId,
          accountId,
          reason: 'last_way',
          detail: { upstream },
          ...where,
        },
        within,
      );
    },
    async passwordSet(where: Where, accountId: string, within: Queryable) {
      await record(
        { event: 'password_set', outcome: 'success', actor: accountId, accountId, ...where },
        within,
      );
    },
    async emailAdded(where: Where, accountId: string, within: Queryable) {
      await record(
        { event: 'email_added', outcome: 'success', actor: accountId, accountId, ...where },
        within,
      );
    },
    async ticketShown(where: Where, accountId: string) {
      await record({ event: 'ticket_shown', outcome: 'success', actor: accountId, accountId, ...where });
    },
  };
}
