/** The АИС's port for the gateway (docs/operators/registry.yaml), as strict as a real one would be. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import type { RegistryApplication } from '../../adapters/registry/registry.ts';
import { organisationWords } from '../../provider/data-rules/organisation-words.ts';
import { type RegistryStore, told } from './store.ts';

const CHANGES_AT_ONCE = 50;
const MOST_FOUND = 100;

const line = z.string().min(1).max(500);
const ticketQuestion = z.strictObject({ ticket: z.string().regex(/^[0-9]{16}$/) });
const organisationQuestion = z.strictObject({
  words: z.array(z.strictObject({ text: line, whole: z.boolean() })).max(100),
  inn: z
    .string()
    .regex(/^[0-9]{10}$/)
    .optional(),
  limit: z.int().min(1).max(MOST_FOUND),
});
const document = z.strictObject({
  type: line,
  version: line,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  body: z.string().min(1),
});
const application = z.strictObject({
  id: line,
  purpose: z.enum(['joining', 'enrolment']),
  organisationId: line,
  unit: line.exactOptional(),
  family: line,
  given: line,
  middle: line.exactOptional(),
  sex: z.enum(['male', 'female']),
  birthdate: z.iso.date(),
  phone: z.e164(),
  email: z.string().regex(/^\S+@\S+$/),
  employment: line,
  signedAt: z.iso.datetime(),
  documents: z.array(document).min(1),
}) satisfies z.ZodType<RegistryApplication>;

export function portRoutes(store: RegistryStore, token: string): Router {
  const router = new Router({ prefix: '/v1' });

  router.use(async (ctx, next) => {
    if (!sameText(ctx.get('authorization'), `Bearer ${token}`)) {
      ctx.set('WWW-Authenticate', 'Bearer');
      return refuse(ctx, 401, 'the token is wrong or missing');
    }
    await next();
  });
  router.use(
    bodyParser({ enableTypes: ['json'], jsonLimit: '5mb', onError: (_, ctx) => refuse(ctx, 400, 'no JSON') }),
  );

  router.post('/members/search', (ctx) => {
    const asked = ticketQuestion.safeParse(ctx.request.body);
    if (!asked.success) return refuse(ctx, 400, z.prettifyError(asked.error));
    const card = store.cardOfTicket(asked.data.ticket);
    ctx.body = { member: card ? store.memberOf(card) : null };
  });

  router.post('/organisations/search', (ctx) => {
    const asked = organisationQuestion.safeParse(ctx.request.body);
    if (!asked.success) return refuse(ctx, 400, z.prettifyError(asked.error));
    const { words, inn, limit } = asked.data;
    const organisations = store.organisations().filter((organisation) => {
      if (!organisation.workplace) return false;
      if (inn !== undefined) return organisation.inn === inn;
      const known = organisationWords(organisation);
      return (
        words.length > 0 &&
        words.every(({ text, whole }) =>
          known.some((word) => (whole ? word === text : word.startsWith(text))),
        )
      );
    });
    const best = organisations.sort(
      (one, other) =>
        Number(other.admits) - Number(one.admits) || one.shortName.localeCompare(other.shortName, 'ru'),
    );
    ctx.body = { organisations: best.slice(0, limit).map(told) };
  });

  router.get('/organisations/:id', (ctx) => {
    const organisation = store.organisation(ctx.params.id ?? '');
    if (!organisation) return refuse(ctx, 404, 'no such organisation');
    ctx.body = organisation;
  });

  router.post('/applications', (ctx) => {
    const told = application.safeParse(ctx.request.body);
    if (!told.success) return refuse(ctx, 400, z.prettifyError(told.error));
    const { id, organisationId, documents } = told.data;
    if (ctx.get('idempotency-key') !== id) return refuse(ctx, 400, 'Idempotency-Key must be the id');
    const broken = documents.find(
      ({ body, sha256 }) => createHash('sha256').update(body).digest('hex') !== sha256,
    );
    if (broken) return refuse(ctx, 400, `the hash of «${broken.type}» is not that of its body`);
    const known = store.application(id);
    if (known && JSON.stringify(known.application) !== JSON.stringify(told.data)) {
      return refuse(ctx, 409, 'another application has this id');
    }
    if (known) {
      ctx.body = { id, state: known.state };
      return;
    }
    if (!store.organisation(organisationId)?.admits) {
      ctx.status = 422;
      ctx.body = { reason: 'Организация закрыта или не имеет первичной профсоюзной организации.' };
      return;
    }
    store.atOnce(() => {
      store.saveApplication({
        application: told.data,
        state: 'received',
        receivedAt: new Date().toISOString(),
      });
      store.tell({ kind: 'application', id, state: 'received' });
    });
    ctx.status = 201;
    ctx.body = { id, state: 'received' };
  });

  router.get('/changes', (ctx) => {
    const after = String(ctx.query.after ?? '0');
    if (!/^[0-9]{1,15}$/.test(after)) return refuse(ctx, 400, 'not a cursor of ours');
    const found = store.changesAfter(Number(after), CHANGES_AT_ONCE);
    const last = found.at(-1)?.number ?? Number(after);
    ctx.body = { changes: found.map(({ change }) => change), cursor: last === 0 ? null : String(last) };
  });

  return router;
}

function refuse(ctx: Context, status: number, message: string): void {
  ctx.status = status;
  ctx.body = { message };
}

function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
