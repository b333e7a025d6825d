/** The SMTP side of the mail catcher: takes every letter, unless it is told to refuse all or some. */
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import type { Envelope } from './letter-box.ts';

const LARGEST_LETTER = 10 * 1024 * 1024;
/** RFC 5321: «local error in processing», which a sender answers with a later try. */
const TRY_LATER = 451;

export type Catching = {
  /** False while letters are to be refused. */
  isOpen(): boolean;
  /** What a letter to this address is answered with; undefined: it is taken. */
  codeFor(address: string): number | undefined;
  put(raw: Buffer, envelope: Envelope): Promise<void>;
};

export function smtpCatcher({ isOpen, codeFor, put }: Catching): SMTPServer {
  const server = new SMTPServer({
    logger: false,
    // Loopback only: neither a certificate nor a password would protect anything.
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: LARGEST_LETTER,
    rejectOversized: true,
    onMailFrom(_address, _session, done) {
      done(isOpen() ? null : refusalWith(TRY_LATER));
    },
    onRcptTo({ address }, _session, done) {
      const code = codeFor(address);
      done(code === undefined ? null : refusalWith(code));
    },
    async onData(stream, { envelope }, done) {
      try {
        const raw = await buffer(stream);
        if (!isOpen()) throw refusalWith(TRY_LATER);
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

function refusalWith(responseCode: number): Error {
  return Object.assign(new Error('refused, as told'), { responseCode });
}
