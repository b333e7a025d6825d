/** The SMTP side of the mail catcher: takes every letter, or refuses all of them for a while when it is told to. */
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import type { Envelope } from './letter-box.ts';

const LARGEST_LETTER = 10 * 1024 * 1024;
/** RFC 5321: «local error in processing», which a sender answers with a later try. */
const TRY_LATER = 451;

export type Catching = {
  /** False while letters are to be refused. */
  isOpen(): boolean;
  put(raw: Buffer, envelope: Envelope): Promise<void>;
};

export function smtpCatcher({ isOpen, put }: Catching): SMTPServer {
  const server = new SMTPServer({
    logger: false,
    // Loopback only: neither a certificate nor a password would protect anything.
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: LARGEST_LETTER,
    rejectOversized: true,
    onMailFrom(_address, _session, done) {
      done(isOpen() ? null : tryLater());
    },
    async onData(stream, { envelope }, done) {
      try {
        const raw = await buffer(stream);
        if (!isOpen()) throw tryLater();
        await put(raw, {
          from: envelope.mailFrom ? envelope.mailFrom.address : '',
          to: envelope.rcptTo.map(({ address }) => address),
        });
        done(null);
      } catch (error) {
        done(error as Error);
      }
    },
  });
  // A client that hung up: its letter was not taken, and it knows. A port that is taken is the listener's to tell.
  server.on('error', () => {});
  return server;
}

function tryLater(): Error {
  return Object.assign(new Error('refusing letters, as told'), { responseCode: TRY_LATER });
}
