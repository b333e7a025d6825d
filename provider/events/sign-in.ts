/** Signing in and out, and what relying parties are given. */
import type { ConsentAnswer } from '../../adapters/account-activity/account-activity.ts';
import type { Recorder, Where } from './recorder.ts';

export function signInEvents({ record, metrics, tally, log }: Recorder) {
  return {
    /** The row of a successful sign-in is written with its session (account activity); here it is counted. */
    signedIn(
      where: Where,
      { method, accountId, clientId }: { method: string; accountId: string; clientId: string },
    ) {
      metrics.signIn(method, 'success', '');
      tally.signIn(method, clientId);
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
      tally.signIn(method, clientId ?? '', reason);
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
    /** A phone has answered a computer; the sign-in that may follow is written with its session. */
    async qrAnswered(
      where: Where,
      { accountId, clientId, answer }: { accountId: string; clientId: string; answer: string },
    ) {
      await record({
        event: 'qr_answer',
        outcome: answer === 'confirmed' ? 'success' : 'failure',
        actor: accountId,
        ...{ accountId, clientId, reason: answer },
        ...where,
      });
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
    async consentGiven(
      where: Where,
      accountId: string,
      clientId: string,
      { scope, claims, declined }: ConsentAnswer,
    ) {
      await record({
        event: 'consent',
        outcome: 'success',
        actor: accountId,
        accountId,
        clientId,
        detail: {
          scope,
          ...(claims.length > 0 && { claims: claims.join(' ') }),
          ...(declined.length > 0 && { declined: declined.join(' ') }),
        },
        ...where,
      });
    },
    /** In the cabinet: one thing less, or more, that a portal is told of her. */
    async claimChosen(where: Where, accountId: string, clientId: string, claim: string, told: boolean) {
      await record({
        event: 'claim_choice',
        outcome: 'success',
        actor: accountId,
        accountId,
        clientId,
        detail: { claim, told: told ? 'yes' : 'no' },
        ...where,
      });
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
