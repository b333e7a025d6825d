/** ООО «ФИНФОРТ» as the gateway sees it: somebody who hears of consents and of nothing else. */
import { z } from 'zod';
import { type Catcher, startCatcher } from './catcher.ts';

const event = z.strictObject({
  id: z.string(),
  type: z.enum(['granted', 'withdrawn']),
  subject: z.string(),
  at: z.iso.datetime(),
  document_version: z.string().nullable(),
});

export function startRecipient(port: number, token: string): Promise<Catcher> {
  return startCatcher({
    port,
    token,
    shape: event,
    title: 'ООО «ФИНФОРТ»: события о согласиях',
    about: 'Только события: номер субъекта, дата, версия документа. Ни имён, ни адресов, ни номеров билетов.',
    line: ({ at, type, subject, document_version }) => [
      at,
      type === 'granted' ? 'согласие дано' : 'согласие отозвано',
      document_version ?? 'на бумаге',
      subject,
    ],
  });
}
