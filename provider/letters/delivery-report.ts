/** What a delivery status notification (RFC 3464) says: which letter of ours will never arrive. */
import PostalMime, { type Attachment } from 'postal-mime';

/** RFC 3463: what is wrong with the address, its mailbox, its server or the way there; not with us or our words. */
const BLAMES_ADDRESS = /^[45]\.[1-4]\.\d+/;
/** Ids of letters are the left half of their Message-ID: nobody but the reader could have learned one. */
const MESSAGE_ID =
  /^message-id:\s*<(?<letterId>[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12})@[^>\s]+>/im;

/** Undefined for a letter that is no such report, or one of a delay or of another letter's fate. */
export async function letterThatFailed(raw: Uint8Array): Promise<string | undefined> {
  const { attachments } = await PostalMime.parse(raw, { forceRfc822Attachments: true });
  const status = attachments.find(({ mimeType }) => mimeType === 'message/delivery-status');
  const returned = attachments.find(({ mimeType }) =>
    /^(text\/rfc822-headers|message\/rfc822)$/.test(mimeType),
  );
  if (!status || !returned || !hasFailed(textOf(status))) return undefined;
  const [headers = ''] = textOf(returned).split(/\r?\n\r?\n/);
  return MESSAGE_ID.exec(headers)?.groups?.letterId;
}

/** One block of fields for the report, and one for each recipient. */
function hasFailed(status: string): boolean {
  const [, ...recipients] = status.split(/\r?\n\r?\n/);
  return recipients.some(
    (recipient) =>
      /^action:\s*failed/im.test(recipient) &&
      BLAMES_ADDRESS.test(/^status:\s*(\S+)/im.exec(recipient)?.[1] ?? ''),
  );
}

function textOf({ content }: Attachment): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}
