/** The letters that were caught, in memory, oldest first. Shaped as MailDev's API gives them, so that its clients work. */
import { randomUUID } from 'node:crypto';
import PostalMime, { type Address } from 'postal-mime';

export type Mailbox = { readonly address: string; readonly name: string };

export type CaughtLetter = {
  readonly id: string;
  readonly subject: string;
  readonly from: readonly Mailbox[];
  readonly to: readonly Mailbox[];
  readonly text: string;
  readonly html: string;
  /** ISO 8601; when it was caught if the letter does not say. */
  readonly date: string;
  /** Lower-case names; repeated headers joined by line breaks. */
  readonly headers: Readonly<Record<string, string>>;
  /** Who really sent and gets it, whatever the headers claim. */
  readonly envelope: { readonly from: Mailbox; readonly to: readonly Mailbox[] };
};

export type Envelope = { readonly from: string; readonly to: readonly string[] };

export type LetterBox = ReturnType<typeof letterBox>;

export function letterBox(capacity: number) {
  const letters = new Map<string, CaughtLetter>();
  return {
    async put(raw: Uint8Array, envelope: Envelope): Promise<void> {
      const letter = await read(raw, envelope);
      letters.set(letter.id, letter);
      const [oldest] = letters.keys();
      if (letters.size > capacity && oldest !== undefined) letters.delete(oldest);
    },
    all: (): readonly CaughtLetter[] => [...letters.values()],
    find: (id: string): CaughtLetter | undefined => letters.get(id),
    clear: (): void => letters.clear(),
  };
}

async function read(raw: Uint8Array, envelope: Envelope): Promise<CaughtLetter> {
  const { subject, from, to, text, html, date, headers } = await PostalMime.parse(raw);
  const sent = new Date(date ?? '');
  const bare = (address: string): Mailbox => ({ address, name: '' });
  const grouped: Record<string, string[]> = Object.create(null);
  for (const { key, value } of headers) {
    grouped[key] ??= [];
    grouped[key].push(value);
  }
  return {
    id: randomUUID().slice(0, 8),
    subject: subject ?? '',
    from: mailboxes(from ? [from] : []),
    to: mailboxes(to ?? []),
    text: text ?? '',
    html: html ?? '',
    date: (Number.isNaN(sent.getTime()) ? new Date() : sent).toISOString(),
    headers: Object.fromEntries(Object.entries(grouped).map(([name, values]) => [name, values.join('\n')])),
    envelope: { from: bare(envelope.from), to: envelope.to.map(bare) },
  };
}

function mailboxes(addresses: readonly Address[]): Mailbox[] {
  return addresses
    .flatMap((address) => address.group ?? [address])
    .map(({ address, name }) => ({ address: address ?? '', name }));
}
