/** `/rs/prns/…`: the person's data for the bearer of an access token. */
import Router from '@koa/router';
import type { Context } from 'koa';
import type { Payload } from '../../adapters/upstream/esia/tokens.ts';
import { breakCall } from './break-call.ts';
import { RestError } from './esia-error.ts';
import type { EsiaPerson } from './people.ts';
import {
  type Collection,
  covers,
  EMBEDDED,
  elementsOf,
  eTagOf,
  isCollection,
  personRecord,
} from './person-data.ts';
import type { Scene } from './scene.ts';

type Bearer = { readonly person: EsiaPerson; readonly scopes: readonly string[] };

const FOREIGN_HOST = 'https://esia.example.test:443';

export function restRoutes(scene: Scene): Router {
  const router = new Router({ prefix: '/rs/prns/:oid' });
  const { faults } = scene;
  router.use(breakCall(() => faults.now().rs));
  router.use(async (ctx, next) => {
    ctx.set('Cache-Control', 'no-store');
    try {
      await next();
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      const { code, message, status } = error;
      ctx.status = status;
      ctx.body = faults.now().listErrors ? [{ code, message }] : { code, message };
      scene.log.add({ endpoint: ctx.path.replace(/\d+/g, '…'), mnemonic: '', outcome: code, why: [message] });
    }
  });

  router.get('/', (ctx) => {
    const bearer = bearerOf(ctx);
    const { person, scopes } = bearer;
    const embedded = Object.fromEntries(
      embedOf(ctx).flatMap((name) => {
        const collection = EMBEDDED[name];
        return collection && covers(scopes, collection)
          ? [[name, collectionOf(ctx, bearer, collection, faults.now().ignoreEmbed !== true)]]
          : [];
      }),
    );
    answer(ctx, 'Person-3', { ...personRecord(person, scopes), ...trustedAsTold(), ...embedded });
  });

  router.get('/:collection', (ctx) => {
    const bearer = bearerOf(ctx);
    const collection = collectionNamed(ctx, bearer);
    const inline = embedOf(ctx).includes('elements') && faults.now().ignoreEmbed !== true;
    answer(ctx, 'Collection-1', collectionOf(ctx, bearer, collection, inline));
  });

  router.get('/:collection/:id', (ctx) => {
    const bearer = bearerOf(ctx);
    const elements = elementsOf(bearer.person, collectionNamed(ctx, bearer), bearer.scopes);
    const element = elements.find(({ id }) => String(id) === ctx.params.id);
    if (!element) throw new RestError('ESIA-005004');
    answer(ctx, 'Element-1', element);
  });
  return router;

  /** What the record says of the account beside the token. JSON leaves out what is undefined. */
  function trustedAsTold(): Record<string, unknown> {
    const { quirk } = faults.now();
    if (quirk === 'record-not-trusted') return { trusted: false };
    return quirk === 'record-without-trusted' ? { trusted: undefined } : {};
  }

  /** Whose token it is, if it is one of ours and for this person. Throws RestError. */
  function bearerOf(ctx: Context): Bearer {
    const [, token = ''] = /^Bearer (\S+)$/.exec(ctx.get('authorization')) ?? [];
    const claims = claimsOf(token);
    if (!claims) throw new RestError('ESIA-005011');
    if (Number(claims.exp) * 1_000 < scene.now().getTime()) throw new RestError('ESIA-005013');
    const person = scene.people.byOid(String(claims['urn:esia:sbj_id']));
    if (!person || ctx.params.oid !== String(person.oid)) throw new RestError('ESIA-005011');
    const scopes = String(claims.scope)
      .split(' ')
      .map((scope) => scope.split('?')[0] ?? '');
    return { person, scopes };
  }

  function claimsOf(token: string): Payload | undefined {
    const [head = '', body = '', mark = ''] = token.split('.');
    const message = Buffer.from(`${head}.${body}`);
    const signature = Buffer.from(mark, 'base64url');
    const ours = scene.authority.certificates().some((certificate) => certificate.verify(message, signature));
    return ours ? JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) : undefined;
  }

  function collectionNamed(ctx: Context, { scopes }: Bearer): Collection {
    const name = ctx.params.collection ?? '';
    if (!isCollection(name)) throw new RestError('ESIA-005004');
    if (!covers(scopes, name)) throw new RestError('ESIA-005029');
    return name;
  }

  function collectionOf(ctx: Context, { person, scopes }: Bearer, name: Collection, inline: boolean) {
    const elements = elementsOf(person, name, scopes);
    const host = faults.now().foreignLinks ? FOREIGN_HOST : withPort(ctx);
    const addresses = elements.map(({ id }) => `${host}/rs/prns/${person.oid}/${name}/${id}`);
    const content = {
      stateFacts: ['hasSize'],
      size: elements.length,
      elements: inline && faults.now().foreignLinks !== true ? elements : addresses,
    };
    return { ...content, eTag: eTagOf(content) };
  }
}

/** `(contacts.elements,documents.elements-1)`: names, without the pinned version of the schema. */
function embedOf(ctx: Context): readonly string[] {
  const [, list = ''] = /^\((.*)\)$/.exec(String(ctx.query.embed ?? '')) ?? [];
  return list.split(',').map((item) =>
    item
      .replace(/-\d+$/, '')
      .replace(/\.elements$/, '')
      .trim(),
  );
}

/** The port is told even where it is the usual one. */
function withPort({ protocol, host }: Context): string {
  return `${protocol}://${host}${host.includes(':') ? '' : ':443'}`;
}

function answer(ctx: Context, schema: string, content: Record<string, unknown>): void {
  const { protocol, host } = ctx;
  ctx.body = JSON.stringify(content);
  ctx.set('Content-Type', `application/json; schema="${protocol}://${host}/rs/model/prn/${schema}"`);
  ctx.set('ETag', `"${content.eTag}"`);
}
