/** Letters to the owner of an account, written when they are delivered: to the address the account has then. */
import type { Logger } from 'pino';
import type { AccountStore } from '../../adapters/account-store/account-store.ts';
import type { JobWorker } from '../../adapters/job-queue/job-queue.ts';
import { AddressRefused, DeliveryFailed, type Mailer } from '../../adapters/mailer/mailer.ts';
import type { RenderMail } from '../http/render.ts';

export type LetterNeeds = {
  readonly accounts: AccountStore;
  readonly mailer: Mailer;
  readonly renderMail: RenderMail;
  readonly issuer: string;
  readonly log: Logger;
};

export async function deliverLetters(worker: JobWorker, needs: LetterNeeds): Promise<void> {
  const { accounts, mailer, renderMail, issuer, log } = needs;
  await worker.work('letter', async ({ accountId, template, details }) => {
    const account = await accounts.find(accountId);
    // An account that was closed, or has no confirmed address any more, gets no letters.
    if (account?.verifiedEmail === undefined) return;
    const { at, ...rest } = details;
    const letter = renderMail(template, account.locale, {
      ...rest,
      ...(at !== undefined && { at: new Date(at) }),
      givenName: account.name?.given,
      cabinetUrl: `${issuer}/cabinet`,
    });
    try {
      await mailer.send({ to: account.verifiedEmail, ...letter });
    } catch (error) {
      // Nobody will ever take this letter; the queue need not try for a day.
      if (error instanceof AddressRefused || (error instanceof DeliveryFailed && error.permanent)) {
        log.warn({ err: error, template }, 'letter given up');
        return;
      }
      throw error;
    }
  });
}
