/**
 * Letters by SMTP. TLS follows the URL: `smtps://` begins with it, `smtp://` insists on STARTTLS unless the server is on
 * this machine, `smtp://…?tls=off` is for a relay inside a private network.
 */
import { domainToASCII } from 'node:url';
import { createTransport } from 'nodemailer';
import { AddressRefused, DeliveryFailed, type FailureKind, type Letter, type Mailer } from './mailer.ts';

const CONNECT_MILLISECONDS = 5_000;
const SILENCE_MILLISECONDS = 20_000;
const IDLE_MILLISECONDS = 30_000;

// security.md class 30: no quotes, comments, angles, lists, routes, spaces or controls; exactly one «@».
const ATOM = /[\p{L}\p{M}\p{N}#$&'*+/=?^_`{|}~-]+/u.source;
const LABEL = /[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?/u.source;
const PLAIN_ADDRESS = new RegExp(
  `^(?<local>${ATOM}(?:\\.${ATOM})*)@(?<domain>${LABEL}(?:\\.${LABEL})+)$`,
  'u',
);
const LONGEST_ADDRESS = 254;
const LONGEST_RECEIPT = 200;
/** RFC 5321 §3.8: the server is closing, whatever it was asked. */
const SERVER_LEAVES = 421;

export type SmtpOptions = {
  /** `smtp://user:password@host:port` or `smtps://…`, see above. */
  readonly url: string;
  /** Bare address of the sender. */
  readonly from: string;
  /** Right half of every Message-ID. */
  readonly host: string;
  /** At most so many at a time; further letters wait their turn. */
  readonly connections: number;
};

/** Throws AddressRefused when `from` is none. `close` lets running deliveries finish. */
export function smtpMailer({ url, from, host, connections }: SmtpOptions): Mailer & { close(): void } {
  const transport = createTransport({
    ...connectionOf(new URL(url)),
    pool: true,
    maxConnections: connections,
    maxRequeues: 0,
    dnsTimeout: CONNECT_MILLISECONDS,
    connectionTimeout: CONNECT_MILLISECONDS,
    greetingTimeout: CONNECT_MILLISECONDS,
    socketTimeout: SILENCE_MILLISECONDS,
    idleTimeout: IDLE_MILLISECONDS,
    // A letter is text: nothing in it may read files or addresses of ours.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const sender = plainAddress(from);

  return {
    async send({ id, to, subject, text, html, priority = 'normal', unsubscribeUrl }: Letter) {
      const recipient = plainAddress(to);
      try {
        const { response } = await transport.sendMail({
          // Objects, not strings: a string is parsed, and may turn into somebody else or into several.
          from: { name: '', address: sender },
          to: { name: '', address: recipient },
          envelope: { from: sender, to: [recipient] },
          messageId: `<${id}@${host}>`,
          subject,
          text,
          html,
          priority,
          // RFC 3834 §5: keeps holiday responders quiet.
          headers: {
            'Auto-Submitted': 'auto-generated',
            ...(unsubscribeUrl !== undefined && {
              'List-Unsubscribe': { prepared: true, value: `<${unsubscribeUrl}>` },
              'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
            }),
          },
        });
        return withoutAddresses(response);
      } catch (error) {
        throw toFailure(error);
      }
    },
    close() {
      transport.close();
    },
  };
}

/** What the URL says about the connection. */
export function connectionOf(url: URL) {
  const implicit = url.protocol === 'smtps:';
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  const plain = url.searchParams.get('tls') === 'off';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || (implicit ? 465 : 587)),
    secure: implicit,
    requireTLS: !implicit && !isHere && !plain,
    ignoreTLS: !implicit && plain,
    ...(url.username !== '' && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    }),
  };
}

/** The address with its domain in punycode. Throws AddressRefused. */
function plainAddress(address: string): string {
  if (address.length > LONGEST_ADDRESS) throw new AddressRefused();
  const { local, domain = '' } = PLAIN_ADDRESS.exec(address)?.groups ?? {};
  const ascii = domainToASCII(domain);
  if (local === undefined || ascii === '') throw new AddressRefused();
  return `${local}@${ascii}`;
}

function withoutAddresses(answer: string): string {
  return answer.replace(/[<(]?\S*@\S*/g, '…').slice(0, LONGEST_RECEIPT);
}

function toFailure(error: unknown): DeliveryFailed {
  const { code = 'unknown', responseCode, command, response } = error as SmtpError;
  if (responseCode === undefined) return new DeliveryFailed(code, 'server', false);
  const kind = kindOf(responseCode, command, response);
  return new DeliveryFailed(`${code} ${responseCode}`, kind, kind !== 'server' && responseCode >= 500);
}

type SmtpError = { code?: string; responseCode?: number; command?: string; response?: string };

function kindOf(responseCode: number, command = '', response = ''): FailureKind {
  if (responseCode === SERVER_LEAVES) return 'server';
  // RFC 3463: x.1 and x.2 are about the address and its mailbox; a ban of ours (x.7) says nothing against them.
  const enhanced = /^\d{3}[ -]5\.(?<subject>\d+)\./.exec(response)?.groups?.subject;
  const blamesAddress = responseCode >= 500 && ['1', '2', undefined].includes(enhanced);
  if (command === 'RCPT TO') return blamesAddress ? 'recipient' : 'letter';
  // Before a recipient is named, and outside of any letter, a refusal is about us.
  return command === 'DATA' ? 'letter' : 'server';
}
