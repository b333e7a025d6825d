/** A file for the disk and never for the page: whatever stands in it, no browser takes it for markup (security.md class 27). */
import type { GatewayContext } from './context.ts';

export type Attachment = {
  /** May be Russian: RFC 6266 §5 gives it in both spellings. */
  readonly fileName: string;
  readonly type: string;
  readonly content: Buffer | string;
};

export function sendAttachment(ctx: GatewayContext, { fileName, type, content }: Attachment): void {
  ctx.attachment(fileName);
  ctx.set('X-Content-Type-Options', 'nosniff');
  ctx.set('Cache-Control', 'no-store');
  // Opened from the disk's own window it may still reach nothing.
  ctx.set('Content-Security-Policy', "sandbox; default-src 'none'");
  ctx.body = content;
  ctx.type = type;
}
