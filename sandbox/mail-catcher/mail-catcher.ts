/** A mail server that delivers to nobody: every letter can be read in the browser or as JSON. On loopback alone. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { letterBox } from './letter-box.ts';
import { refusals } from './refusal.ts';
import { smtpCatcher } from './smtp.ts';
import { webPages } from './web.ts';

const LOOPBACK = '127.0.0.1';
const LETTERS_KEPT = 1_000;

export type MailCatcher = {
  readonly smtpUrl: string;
  readonly webUrl: string;
  /** MailDev's `GET /email`. */
  readonly apiUrl: string;
  close(): Promise<void>;
};

/** Port 0 takes any free one. Rejects when a port is taken. */
export async function startMailCatcher(ports: { smtpPort: number; webPort: number }): Promise<MailCatcher> {
  const letters = letterBox(LETTERS_KEPT);
  const refusal = refusals();
  const smtp = smtpCatcher({
    isOpen: () => refusal.until() === undefined,
    codeFor: refusal.codeFor,
    put: letters.put,
  });
  const smtpListener = smtp.listen(ports.smtpPort, LOOPBACK);
  await once(smtpListener, 'listening');
  const closeSmtp = () => new Promise<void>((resolve) => smtp.close(resolve));

  const web = webPages(letters, refusal).listen(ports.webPort, LOOPBACK);
  await once(web, 'listening').catch(async (error: unknown) => {
    await closeSmtp();
    throw error;
  });

  const webUrl = `http://localhost:${(web.address() as AddressInfo).port}`;
  return {
    smtpUrl: `smtp://${LOOPBACK}:${(smtpListener.address() as AddressInfo).port}`,
    webUrl,
    apiUrl: `${webUrl}/email`,
    async close() {
      web.closeAllConnections();
      await Promise.all([new Promise<void>((resolve) => web.close(() => resolve())), closeSmtp()]);
    },
  };
}
