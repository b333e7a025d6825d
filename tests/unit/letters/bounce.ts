/** A delivery status notification (RFC 3464) as a relay writes it. */

export const LETTER_ID = '6f8d2a4e-0000-4000-8000-000000000001';

export type Bounce = {
  readonly messageId: string;
  readonly action: string;
  readonly status: string;
  readonly report: string;
  readonly returned: string;
  readonly lineBreak: string;
};

export function bounce({
  messageId = `<${LETTER_ID}@id.example.test>`,
  action = 'failed',
  status = '5.1.1',
  report = 'message/delivery-status',
  returned = 'text/rfc822-headers',
  lineBreak = '\n',
}: Partial<Bounce> = {}): string {
  return `Return-Path: <>
From: MAILER-DAEMON@relay.example.test (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: confirmation@eseur.ru
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="ABC.1/relay"

--ABC.1/relay
Content-Type: text/plain; charset=us-ascii

This is the mail system at host relay.

--ABC.1/relay
Content-Type: ${report}

Reporting-MTA: dns; relay.example.test

Final-Recipient: rfc822; ivanova@example.test
Action: ${action}
Status: ${status}
Diagnostic-Code: smtp; 550 5.1.1 no such user

--ABC.1/relay
Content-Type: ${returned}

From: confirmation@eseur.ru
To: ivanova@example.test
Message-ID:
 ${messageId}

--ABC.1/relay--
`.replaceAll('\n', lineBreak);
}
