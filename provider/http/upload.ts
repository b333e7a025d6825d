/**
 * A posted form with one file: small, flat, streamed no further than its limits. Its text fields are read and its origin
 * is checked like those of any other form, by form.ts. What is in the file, others find out.
 */
import type { IncomingMessage } from 'node:http';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import { GatewayError } from '../errors.ts';
import type { GatewayContext, Middleware } from './context.ts';

const LARGEST_FILE = 5 * 1024 * 1024;
const FIELDS = 20;
/** A list may be pasted instead: 2 000 lines of Russian letters, of two bytes each. */
const LARGEST_FIELD = 400 * 1024;
const LIMITS = {
  ...{ fileSize: LARGEST_FILE, files: 1, fields: FIELDS, parts: FIELDS + 1 },
  ...{ fieldSize: LARGEST_FIELD, fieldNameSize: 100, headerPairs: 20, headerSize: 4 * 1024 },
};
/** Boundaries, headers of parts and fields beside the file. */
const LARGEST_BODY = LARGEST_FILE + 256 * 1024;

export type UploadedFile = { readonly name: string; readonly bytes: Buffer };
type Posted = { readonly fields: Record<string, unknown>; readonly file: UploadedFile };

const uploads = new WeakMap<IncomingMessage, UploadedFile>();

/** Takes `multipart/form-data` with a file named «file» and nothing else; gives the rest to `readForm`. */
export function uploadBody(): Middleware {
  return async (ctx, next) => {
    const { fields, file } = await posted(ctx);
    (ctx.request as { body?: unknown }).body = fields;
    uploads.set(ctx.req, file);
    return next();
  };
}

/** Undefined when the person has chosen none. To be asked for after `readForm`, which may refuse the whole. */
export function uploadedFile(ctx: GatewayContext): UploadedFile | undefined {
  const file = uploads.get(ctx.req);
  return file && (file.name !== '' || file.bytes.length > 0) ? file : undefined;
}

async function posted(ctx: GatewayContext): Promise<Posted> {
  const { req } = ctx;
  try {
    if (Number(req.headers['content-length'] ?? 0) > LARGEST_BODY) throw new GatewayError('too_large');
    return await parse(req);
  } catch (error) {
    // What is still to come is not waited for.
    if (!req.readableEnded) ctx.set('connection', 'close');
    throw error instanceof GatewayError ? error : new GatewayError('bad_request', { cause: error });
  }
}

function parse(req: IncomingMessage): Promise<Posted> {
  if (!/^multipart\/form-data\s*;/i.test(req.headers['content-type'] ?? '')) {
    throw new GatewayError('bad_request');
  }
  const form = new Busboy({
    headers: req.headers as BusboyHeaders,
    limits: LIMITS,
    // Where none was chosen, a browser sends an empty one without a name.
    isPartAFile: (fieldName, _type, fileName) => fieldName === 'file' || fileName !== undefined,
  });
  const fields = new Map<string, unknown>();
  const files: { name: string; chunks: Buffer[] }[] = [];

  return new Promise((resolve, reject) => {
    let fault: unknown;
    // Said when the whole has come: few clients listen before they have written.
    const refuse = (reason: unknown) => {
      fault ??= reason;
      req.unpipe(form);
      if (req.readableEnded) reject(fault);
      else req.resume();
    };
    const misshapen = () => refuse(new GatewayError('bad_request'));
    const tooLarge = () => refuse(new GatewayError('too_large'));

    let received = 0;
    req.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received > LARGEST_BODY) reject(new GatewayError('too_large'));
    });
    req.once('end', () => fault !== undefined && reject(fault));
    req.once('error', reject);
    form.on('file', (fieldName, stream, fileName) => {
      const chunks: Buffer[] = [];
      if (fieldName !== 'file') misshapen();
      files.push({ name: fileName ?? '', chunks });
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('limit', tooLarge);
      stream.on('error', refuse);
    });
    form.on('field', (name, value, isNameCut, isValueCut) => {
      if (isNameCut || isValueCut || typeof name !== 'string') return misshapen();
      // A repeated field becomes a list, and so nothing that a form of ours has.
      fields.set(name, fields.has(name) ? [fields.get(name), value] : value);
    });
    for (const limit of ['filesLimit', 'fieldsLimit', 'partsLimit'] as const) form.on(limit, misshapen);
    form.on('error', refuse);
    form.on('finish', () => {
      const [file] = files;
      if (!file || fault !== undefined) return misshapen();
      const whole = { name: file.name, bytes: Buffer.concat(file.chunks) };
      resolve({ fields: Object.fromEntries(fields), file: whole });
    });
    req.pipe(form);
  });
}
