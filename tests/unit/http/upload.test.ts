/** Uploads at the door: one file, flat fields, and an answer of 4xx to every body that is anything else. */
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import Koa from 'koa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { GatewayError } from '../../../provider/errors.ts';
import type { GatewayContext, Middleware } from '../../../provider/http/context.ts';
import { csrf } from '../../../provider/http/csrf.ts';
import { formReader } from '../../../provider/http/form.ts';
import { uploadBody, uploadedFile } from '../../../provider/http/upload.ts';

let server: Server;
let origin: string;
let cookie: string;
let token: string;

beforeAll(async () => {
  const app = new Koa();
  const issuer = 'http://gateway.test';
  const forms = csrf({ issuer, keys: ['a key of this test'], secure: false });
  const readForm = formReader(forms);
  const answer: Middleware = (ctx) => {
    const { note } = readForm(ctx as GatewayContext, { note: z.string() });
    const file = uploadedFile(ctx as GatewayContext);
    ctx.body = { note, name: file?.name, text: file?.bytes.toString(), size: file?.bytes.length };
  };
  app.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      ctx.status = error.status;
      ctx.body = { code: error.code };
    }
  });
  app.use(forms.offer as never);
  app.use((ctx, next) => {
    if (ctx.method !== 'GET') return next();
    ctx.body = { csrf: ctx.state.csrf };
  });
  app.use(uploadBody() as never);
  app.use(answer as never);
  app.silent = true;
  server = createServer(app.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const offered = await fetch(origin);
  cookie = offered.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  token = ((await offered.json()) as { csrf: string }).csrf;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const SAME_SITE = { 'sec-fetch-site': 'same-origin' };

async function post(body: FormData | string, headers: Record<string, string> = SAME_SITE) {
  const response = await fetch(origin, { method: 'POST', body, headers: { cookie, ...headers } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

function form(parts: readonly (readonly [string, string | File])[]): FormData {
  const data = new FormData();
  for (const [name, value] of parts) data.append(name, value);
  return data;
}

const list = (text = 'Фамилия;Имя', name = 'Список.csv') => new File([text], name, { type: 'text/csv' });
const whole = () =>
  form([
    ['csrf', token],
    ['note', 'весна'],
    ['file', list()],
  ]);

/** A body as written here, whatever a client would have made of it. */
function written(body: string, boundary = 'edge') {
  return post(body, { ...SAME_SITE, 'content-type': `multipart/form-data; boundary=${boundary}` });
}

describe('a form with a file', () => {
  it('gives its fields and its file', async () => {
    expect(await post(whole())).toEqual({
      status: 200,
      body: { note: 'весна', name: 'Список.csv', text: 'Фамилия;Имя', size: 21 },
    });
  });

  it('knows a file only by the end of its name', async () => {
    const { body } = await post(
      form([
        ['csrf', token],
        ['note', ''],
        ['file', list('x', '../../etc/passwd')],
      ]),
    );
    expect(body.name).toBe('passwd');
  });

  it('says when no file was chosen', async () => {
    const { status, body } = await post(
      form([
        ['csrf', token],
        ['note', ''],
        ['file', list('', '')],
      ]),
    );
    expect([status, body.name]).toEqual([200, undefined]);
  });

  it('takes a file of 5 MB, and none that is larger by a byte', async () => {
    const sized = (size: number) =>
      form([
        ['csrf', token],
        ['note', ''],
        ['file', list('x'.repeat(size))],
      ]);
    expect((await post(sized(5 * 1024 * 1024))).body.size).toBe(5 * 1024 * 1024);
    expect((await post(sized(5 * 1024 * 1024 + 1))).status).toBe(413);
  });

  it('takes a list of 2 000 lines that was pasted, and no text without an end', async () => {
    const pasted = (note: string) =>
      form([
        ['csrf', token],
        ['note', note],
        ['file', new File([], '')],
      ]);
    const note = 'я'.repeat(200_000);
    const { status, body } = await post(pasted(note));
    expect([status, body.note === note]).toEqual([200, true]);
    expect((await post(pasted(note + note))).status).toBe(400);
  });

  it('needs the token, and a page of ours', async () => {
    const foreign = form([
      ['csrf', 'x'],
      ['note', ''],
      ['file', list()],
    ]);
    expect((await post(foreign)).status).toBe(403);
    expect((await post(whole(), { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await post(whole(), { origin: 'http://evil.test' })).status).toBe(403);
  });
});

describe('anything else is refused', () => {
  it.each([
    [
      'two files',
      () => [
        ['file', list()],
        ['file', list()],
      ],
    ],
    ['a file by another name', () => [['list', list()]]],
    ['no file', () => []],
    [
      'a repeated field',
      () => [
        ['note', 'again'],
        ['file', list()],
      ],
    ],
    [
      'an unknown field',
      () => [
        ['role', 'admin'],
        ['file', list()],
      ],
    ],
    [
      'a field of the prototype',
      () => [
        ['__proto__', 'x'],
        ['file', list()],
      ],
    ],
    [
      'a file in the place of a field',
      () => [
        ['csrf', list()],
        ['file', list()],
      ],
    ],
    ['more fields than a form has', () => [...Array(21).keys()].map((at) => [`f${at}`, 'x'])],
    [
      'a field too long',
      () => [
        ['more', 'x'.repeat(70_000)],
        ['file', list()],
      ],
    ],
  ] as const)('%s', async (_, parts) => {
    const given = parts() as unknown as [string, string | File][];
    expect((await post(form([['csrf', token], ['note', ''], ...given]))).status).toBe(400);
  });

  it.each([
    ['an empty body', ''],
    ['no boundary in the body', 'nothing here'],
    [
      'a body that ends too early',
      '--edge\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
    ],
    ['a part without a name', '--edge\r\ncontent-disposition: form-data\r\n\r\nabc\r\n--edge--\r\n'],
    ['a header without an end', `--edge\r\n${'x'.repeat(10_000)}`],
  ])('%s', async (_, body) => {
    expect((await written(body)).status).toBe(400);
  });

  it.each([
    'application/json',
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/mixed; boundary=edge',
  ])('%s', async (type) => {
    expect((await post('{}', { ...SAME_SITE, 'content-type': type })).status).toBe(400);
  });

  it('a length that says too much, before the first byte of it', async () => {
    const { port } = new URL(origin);
    const socket = connect(Number(port), '127.0.0.1');
    const answer = await new Promise<string>((resolve) => {
      socket.once('data', (data) => resolve(data.toString()));
      socket.write(
        'POST / HTTP/1.1\r\nHost: gateway.test\r\nContent-Type: multipart/form-data; boundary=edge\r\nContent-Length: 900000000\r\n\r\n',
      );
    });
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('a body that never ends', async () => {
    // Many times what is read; then nothing more comes, and no end: this process has only so much memory.
    let left = 64 * 1024 * 1024;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left <= 0) return new Promise(() => {});
        const chunk = new Uint8Array(256 * 1024);
        left -= chunk.length;
        controller.enqueue(chunk);
        return undefined;
      },
    });
    const answered = fetch(origin, {
      ...{ method: 'POST', body: endless, duplex: 'half' },
      headers: { cookie, ...SAME_SITE, 'content-type': 'multipart/form-data; boundary=edge' },
    } as RequestInit).then(
      ({ status }) => status,
      // The connection may be gone before the client has read why.
      () => 413,
    );
    expect(await answered).toBe(413);
  });
});
