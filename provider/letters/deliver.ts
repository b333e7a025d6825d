/** Letters leave: opened, written in the reader's language, handed over; what came of it is recorded. */
import type { Logger } from 'pino';
import type { AccountStore } from '../../adapters/account-store/account-store.ts';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { JobWorker } from '../../adapters/job-queue/job-queue.ts';
import { AddressRefused, DeliveryFailed, type Mailer } from '../../adapters/mailer/mailer.ts';
import type { RenderLetter } from './render-letter.ts';
import { openLetter } from './sealed-letter.ts';

export type DeliveryNeeds = {
  readonly accounts: AccountStore;
  readonly mailer: Mailer;
  readonly cipher: Cipher;
  readonly renderLetter: RenderLetter;
  readonly log: Logger;
};

export async function deliverLetters(worker: JobWorker, needs: DeliveryNeeds): Promise<void> {
  const { accounts, mailer, cipher, renderLetter, log } = needs;
  await worker.work('letter', async (data) => {
    const { to, template, facts } = openLetter(cipher, data);
    const account = 'accountId' in to ? await accounts.find(to.accountId) : undefined;
    const address = 'address' in to ? to.address : account?.verifiedEmail;
    // An account that was closed, or has no confirmed address any more, gets no letters.
    if (address === undefined) return;
    const locale = 'address' in to ? to.locale : (account?.locale ?? 'ru');
    const givenName = 'address' in to ? to.givenName : account?.name?.given;
    const letter = renderLetter(template, locale, facts as never, givenName);
    try {
      await mailer.send({ id: crypto.randomUUID(), to: address, ...letter });
    } catch (error) {
      if (error instanceof AddressRefused || (error instanceof DeliveryFailed && error.permanent)) {
        log.warn({ err: error, template }, 'letter given up');
        return;
      }
      throw error;
    }
  });
}
