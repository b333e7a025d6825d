/** Would the mail server take our letters? Connects, greets and signs in; sends nothing. */
import { createTransport } from 'nodemailer';
import type { Config } from '../../config.ts';
import { type Finding, findings, reasonOf } from './finding.ts';

const PATIENCE_MS = 5_000;
const ADVICE =
  'Are host, port, user and password in SMTP_URL right? «smtps://» is TLS from the start, «smtp://» insists on ' +
  'STARTTLS unless the server is on this machine or the URL ends in ?tls=off.';

export async function checkMail(
  { smtpUrl, from }: Config['mail'],
  issuer: string,
): Promise<readonly Finding[]> {
  const { found, ok, warning, wrong } = findings('mail');
  if (smtpUrl === undefined) {
    warning('no SMTP_URL: letters wait in the queue', 'Set SMTP_URL.');
    return found;
  }
  const transport = createTransport({ ...connectionOf(new URL(smtpUrl)), name: new URL(issuer).hostname });
  try {
    await transport.verify();
    ok('the server answers');
  } catch (error) {
    wrong(`the server cannot be used: ${reasonOf(error)}`, ADVICE);
  } finally {
    transport.close();
  }
  ok(`letters come from ${from}`);
  return found;
}

/** The rules of the mailer about TLS, so that what passes here passes there. */
function connectionOf(url: URL) {
  const implicit = url.protocol === 'smtps:';
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  const plain = url.searchParams.get('tls') === 'off';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || (implicit ? 465 : 587)),
    secure: implicit,
    requireTLS: !implicit && !isHere && !plain,
    ignoreTLS: !implicit && plain,
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    ...(url.username !== '' && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    }),
  };
}
