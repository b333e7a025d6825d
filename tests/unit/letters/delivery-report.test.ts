/** Delivery status notifications as mail servers write them. */
import { expect, it } from 'vitest';
import { letterThatFailed } from '../../../provider/letters/delivery-report.ts';
import { type Bounce, bounce, LETTER_ID } from './bounce.ts';

const read = (report: Partial<Bounce>) => letterThatFailed(Buffer.from(bounce(report)));

it.each([
  ['no such user', {}],
  ['mailbox full for good', { status: '5.2.2' }],
  ['days of trying were in vain', { status: '4.4.7' }],
  ['the whole letter returned', { returned: 'message/rfc822' }],
  ['lines as the network writes them', { lineBreak: '\r\n' }],
  ['another case', { action: 'Failed' }],
])('names the letter that failed: %s', async (_what, report) => {
  expect(await read(report)).toBe(LETTER_ID);
});

it.each([
  ['a delay', { action: 'delayed', status: '4.4.1' }],
  ['a delivery', { action: 'delivered', status: '2.0.0' }],
  ['a ban of ours', { status: '5.7.1' }],
  ['a letter that was not ours', { messageId: '<CAF=x@mail.example.test>' }],
  ['a report about nothing', { messageId: '' }],
  ['an id in the words of somebody', { returned: 'text/plain' }],
  ['no status', { report: 'text/plain' }],
])('passes over %s', async (_what, report) => {
  expect(await read(report)).toBeUndefined();
});

it('passes over letters of people, and rubbish', async () => {
  for (const letter of ['', '\0\0', `Subject: hello\n\nMessage-ID: <${LETTER_ID}@id.example.test>`]) {
    expect(await letterThatFailed(Buffer.from(letter))).toBeUndefined();
  }
});
