/**
 * One function per business event: the audit row, the counter and the log line of it come from the same call. Ids,
 * never names, addresses, codes or tokens. None of them throws: what has happened has happened. Only one that is told
 * within a transaction does, and ends it: then there is no event without its row.
 */
import type { Logger } from 'pino';
import type { AuditEntry, AuditLog, Seal } from '../adapters/audit-log/audit-log.ts';
import type { Queryable } from '../adapters/database/database.ts';
import type { Signing, StoredDocument } from '../adapters/document-store/document-store.ts';
import type { RequestOrigin } from './http/context.ts';
import type { Metrics } from './metrics.ts';

/** Counted again where a limit holds by the hour. */
export const CODE_SENT = 'signing_code_sent';
export const CODE_REFUSED = 'signing_code_refused';
/** What verification looks for in the trail. */
export const DOCUMENTS_SIGNED = 'documents_signed';
export const EVIDENCE_TERM_OVER = 'evidence_term_over';
export const LETTER_HANDED_OVER = 'letter_handed_over';
export const LETTER_GIVEN_UP = 'letter_given_up';

export type Where = Pick<RequestOrigin, 'requestId' | 'network'>;

type LetterEvent = { readonly letterId: string; readonly template: string; readonly accountId?: string };

export type Events = ReturnType<typeof createEvents>;

export function createEvents(audit: AuditLog, metrics: Metrics, log: Logger) {
  const record = async (entry: AuditEntry, within?: Queryable): Promise<void> => {
    const { event, outcome, actor, accountId, clientId, sessionUid, requestId, reason, detail } = entry;
    metrics.event(event);
    // Named one by one: the origin a caller hands over knows the whole address and the browser, too.
    log.info({ event, outcome, actor, accountId, clientId, sessionUid, requestId, reason, detail }, event);
    if (within) return audit.append(entry, within);
    try {
      await audit.append(entry);
    } catch (err) {
      log.error({ err, event: entry.event }, 'audit entry lost');
    }
  };

  return {
    /** The row of a successful sign-in is written with its session (account activity); here it is counted. */
    signedIn(
      where: Where,
      { method, accountId, clientId }: { method: string; accountId: string; clientId: string },
    ) {
      metrics.signIn(method, 'success', '');
      log.info({ event: 'sign_in', requestId: where.requestId, method, accountId, clientId }, 'sign_in');
    },
    async signInRefused(
      where: Where,
      {
        method,
        reason,
        accountId,
        clientId,
      }: { method: string; reason: string; accountId?: string; clientId?: string },
    ) {
      metrics.signIn(method, 'failure', reason);
      await record({
        event: 'sign_in',
        outcome: 'failure',
        actor: accountId ?? 'unknown',
        reason,
        detail: { method },
        ...where,
        ...(accountId !== undefined && { accountId }),
        ...(clientId !== undefined && { clientId }),
      });
    },
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
    async resetLetterWritten(where: Where, accountId: string, within: Queryable) {
      await record(
        { event: 'password_reset_letter', outcome: 'success', actor: 'unknown', accountId, ...where },
        within,
      );
    },
    async passwordReset(where: Where, accountId: string, within: Queryable) {
      await record(
        { event: 'password_reset', outcome: 'success', actor: accountId, accountId, ...where },
        within,
      );
    },
    async termsAccepted(where: Where, accountId: string, version: string, within: Queryable) {
      await record(
        {
          event: 'terms_accepted',
          outcome: 'success',
          actor: accountId,
          accountId,
          detail: { version },
          ...where,
        },
        within,
      );
    },
    async documentOpened(where: Where, accountId: string, { id, type, version, sha256 }: StoredDocument) {
      await record({
        event: 'document_opened',
        outcome: 'success',
        actor: accountId,
        accountId,
        detail: { document: id, type, version, sha256 },
        ...where,
      });
    },
    async signingCodeSent(where: Where, accountId: string, { id, digest }: Signing, within: Queryable) {
      await record(
        {
          event: CODE_SENT,
          outcome: 'success',
          actor: accountId,
          accountId,
          detail: { signing: id, digest },
          ...where,
        },
        within,
      );
    },
    async signingRefused(
      where: Where,
      accountId: string,
      { id }: Signing,
      reason: string,
      within: Queryable,
    ) {
      await record(
        {
          event: CODE_REFUSED,
          outcome: 'failure',
          actor: accountId,
          accountId,
          reason,
          detail: { signing: id },
          ...where,
        },
        within,
      );
    },
    /** `protocol`: its digest. What happened to the documents is evidence from the commit on. */
    async documentsSigned(
      where: Where,
      { id, accountId, purpose, digest }: Signing,
      { termsVersion, protocol }: { termsVersion: string; protocol: string },
      within: Queryable,
    ) {
      await record(
        {
          event: DOCUMENTS_SIGNED,
          outcome: 'success',
          actor: accountId,
          accountId,
          detail: { signing: id, purpose, digest, terms: termsVersion, protocol },
          ...where,
        },
        within,
      );
    },
    async applicationDelivered(applicationId: string) {
      await record({
        event: 'application_delivered',
        outcome: 'success',
        actor: 'gateway',
        detail: { applicationId },
      });
    },
    /** The register finds fault with our message: somebody has to look at both programs. */
    async applicationMisunderstood(applicationId: string) {
      await record({
        event: 'application_misunderstood',
        outcome: 'failure',
        actor: 'registry',
        detail: { applicationId },
      });
    },
    async applicationDecided(accountId: string, applicationId: string, state: string, within: Queryable) {
      await record(
        {
          event: 'application_state',
          outcome: 'success',
          actor: 'registry',
          accountId,
          detail: { applicationId, state },
        },
        within,
      );
    },
    async memberChanged(accountId: string, memberId: string, within: Queryable) {
      await record(
        { event: 'member_change', outcome: 'success', actor: 'registry', accountId, detail: { memberId } },
        within,
      );
    },
    /** The register gives this account a member or a ticket that is another account's. */
    async memberConflict(accountId: string, memberId: string, within: Queryable) {
      await record(
        { event: 'member_change', outcome: 'failure', actor: 'registry', accountId, detail: { memberId } },
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
    async ticketShown(where: Where, accountId: string) {
      await record({ event: 'ticket_shown', outcome: 'success', actor: accountId, accountId, ...where });
    },
    async sessionEnded(where: Where, accountId: string, sessionUid: string) {
      await record({
        event: 'session_end',
        outcome: 'success',
        actor: accountId,
        accountId,
        sessionUid,
        ...where,
      });
    },
    async consentGiven(where: Where, accountId: string, clientId: string, scope: string) {
      await record({
        event: 'consent',
        outcome: 'success',
        actor: accountId,
        accountId,
        clientId,
        detail: { scope },
        ...where,
      });
    },
    async documentWithdrawn(
      where: Where,
      accountId: string,
      { type, documentId }: { type: string; documentId: string },
      within: Queryable,
    ) {
      await record(
        {
          event: 'document_withdrawn',
          outcome: 'success',
          actor: accountId,
          accountId,
          detail: { document: documentId, type },
          ...where,
        },
        within,
      );
    },
    /** By the link in a letter: whoever holds it, which need not be the person. */
    async unsubscribed(where: Where, accountId: string, channel: string, within: Queryable) {
      await record(
        {
          event: 'unsubscribe',
          outcome: 'success',
          actor: 'unsubscribe_link',
          accountId,
          detail: { channel },
          ...where,
        },
        within,
      );
    },
    async clientDisconnected(where: Where, accountId: string, clientId: string) {
      await record({
        event: 'client_disconnect',
        outcome: 'success',
        actor: accountId,
        accountId,
        clientId,
        ...where,
      });
    },
    async refreshTokenReused(
      where: Where,
      { accountId, clientId }: { accountId?: string; clientId?: string },
    ) {
      await record({
        event: 'refresh_reuse',
        outcome: 'failure',
        actor: clientId ?? 'unknown',
        ...(accountId !== undefined && { accountId }),
        ...(clientId !== undefined && { clientId }),
        ...where,
      });
    },
    async clientRegistered(where: Where, clientId: string) {
      await record({
        event: 'client_register',
        outcome: 'success',
        actor: 'initial_access_token',
        clientId,
        ...where,
      });
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
    /** The audit row is the proof that the code of a signing went out. */
    async letterHandedOver({ letterId, template, accountId, receipt }: LetterEvent & { receipt: string }) {
      metrics.letter(template, 'handed_over');
      await record({
        event: LETTER_HANDED_OVER,
        outcome: 'success',
        actor: 'system',
        detail: { letterId, template, receipt },
        ...(accountId !== undefined && { accountId }),
      });
    },
    async letterGivenUp({ letterId, template, accountId, reason }: LetterEvent & { reason: string }) {
      metrics.letter(template, reason);
      await record({
        event: LETTER_GIVEN_UP,
        outcome: 'failure',
        actor: 'system',
        reason,
        detail: { letterId, template },
        ...(accountId !== undefined && { accountId }),
      });
    },
    /** Not in the trail it is about, but in the log, which leaves the host. */
    auditSealed({ number, firstId, lastId, rows, digest }: Seal) {
      metrics.event('audit_sealed');
      log.info({ event: 'audit_sealed', seal: `${number}:${digest}`, firstId, lastId, rows }, 'audit_sealed');
    },
    grantRevoked(where: Where, clientId: string | undefined) {
      metrics.event('grant_revoke');
      log.info({ event: 'grant_revoke', requestId: where.requestId, clientId }, 'grant_revoke');
    },
    tokensIssued(where: Where, { grantType, clientId }: { grantType: string; clientId: string }) {
      metrics.event('token_issue');
      log.info({ event: 'token_issue', requestId: where.requestId, grantType, clientId }, 'token_issue');
    },
  };
}
