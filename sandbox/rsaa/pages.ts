/** The pages of РСАА: signing in, registering, setting the first password (domain.md D-17…D-20, Q-17, Q-19). */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Router from '@koa/router';
import type Koa from 'koa';
import { createTransport } from 'nodemailer';
import type Provider from 'oidc-provider';
import { compileFile } from 'pug';
import { readForm } from '../esia/read-form.ts';
import type { RsaaPeople, RsaaPerson } from './people.ts';

const VIEWS = fileURLToPath(new URL('./views/', import.meta.url));
const POLICY =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self' http: https:; base-uri 'none'; frame-ancestors 'none'";
const SHORTEST_PASSWORD = 12;

/** Q-17; the starred ones are mandatory. */
const FIELDS = [
  { name: 'family', label: 'Фамилия', mandatory: true, type: 'text' },
  { name: 'given', label: 'Имя', mandatory: true, type: 'text' },
  { name: 'middle', label: 'Отчество', mandatory: false, type: 'text' },
  { name: 'email', label: 'E-mail', mandatory: true, type: 'email' },
  { name: 'phone', label: 'Телефон', mandatory: false, type: 'tel' },
  { name: 'organisation', label: 'Образовательная организация', mandatory: true, type: 'text' },
] as const;

export type RsaaPagesOptions = {
  readonly url: string;
  readonly provider: Provider;
  readonly people: RsaaPeople;
  /** Where letters go; without it nobody gets one. */
  readonly smtpUrl?: string | undefined;
  /** As the region does it: the password in the letter itself, instead of a link to set one. */
  readonly passwordByLetter: boolean;
};

export function rsaaPages({
  url,
  provider,
  people,
  smtpUrl,
  passwordByLetter,
}: RsaaPagesOptions): Koa.Middleware {
  const view = Object.fromEntries(
    ['start', 'login', 'register', 'registered', 'password', 'documents'].map((name) => [
      name,
      compileFile(`${VIEWS}${name}.pug`),
    ]),
  );
  const css = readFileSync(`${VIEWS}style.css`, 'utf8');
  const transport =
    smtpUrl === undefined ? undefined : createTransport({ url: smtpUrl, ignoreTLS: true } as object);
  /** Links to set the first password, each once. */
  const invitations = new Map<string, RsaaPerson>();
  const router = new Router();
  const show = (ctx: Koa.Context, name: string, locals: object = {}) => {
    ctx.type = 'html';
    ctx.set('Content-Security-Policy', POLICY);
    ctx.body = view[name]?.(locals);
  };

  router.get('/style.css', (ctx) => {
    ctx.type = 'css';
    ctx.body = css;
  });
  router.get('/', (ctx) => show(ctx, 'start'));
  router.get('/documents', (ctx) => show(ctx, 'documents'));

  router.get('/interaction/:uid', async (ctx) => {
    await provider.interactionDetails(ctx.req, ctx.res);
    show(ctx, 'login', { uid: ctx.params.uid });
  });
  router.post('/interaction/:uid', async (ctx) => {
    await provider.interactionDetails(ctx.req, ctx.res);
    const form = await readForm(ctx);
    const { uid } = ctx.params;
    if (form?.get('action') === 'cancel') {
      const refusal = { error: 'access_denied', error_description: 'the person pressed «Отмена»' };
      return ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, refusal));
    }
    const login = form?.get('login') ?? '';
    const person = people.signIn(login, form?.get('password') ?? '');
    if (!person) {
      ctx.status = 422;
      return show(ctx, 'login', { uid, login, wrong: true });
    }
    const result = { login: { accountId: person.sub, amr: ['pwd'] } };
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
  });

  router.get('/register', (ctx) => show(ctx, 'register', { fields: FIELDS, values: {}, problems: [] }));
  router.post('/register', async (ctx) => {
    const form = (await readForm(ctx)) ?? new URLSearchParams();
    const values = Object.fromEntries(FIELDS.map(({ name }) => [name, (form.get(name) ?? '').trim()]));
    const problems = problemsIn(values);
    if (problems.length > 0) {
      ctx.status = 422;
      return show(ctx, 'register', { fields: FIELDS, values, problems });
    }
    const { family = '', given = '', middle, email = '', phone, organisation = '' } = values;
    const person = people.register({
      family,
      given,
      email,
      organisation,
      ...(middle && { middle }),
      ...(phone && { phone }),
    });
    await sendCredentials(person);
    show(ctx, 'registered', { email });
  });

  router.get('/password/:token', (ctx) => {
    if (!invitations.has(ctx.params.token ?? '')) ctx.throw(404);
    show(ctx, 'password', { token: ctx.params.token, shortest: SHORTEST_PASSWORD });
  });
  router.post('/password/:token', async (ctx) => {
    const { token = '' } = ctx.params;
    const person = invitations.get(token) ?? ctx.throw(404);
    const password = (await readForm(ctx))?.get('password') ?? '';
    if (password.length < SHORTEST_PASSWORD) {
      ctx.status = 422;
      return show(ctx, 'password', { token, problem: `Не короче ${SHORTEST_PASSWORD} знаков.` });
    }
    invitations.delete(token);
    people.setPassword(person.sub, password);
    show(ctx, 'password', { done: true });
  });
  return router.routes() as unknown as Koa.Middleware;

  function problemsIn(values: Readonly<Record<string, string>>) {
    const missing = FIELDS.filter(({ name, mandatory }) => mandatory && !values[name]).map(
      ({ name, label }) => ({
        name,
        text: `Заполните поле «${label}».`,
      }),
    );
    const { email = '' } = values;
    if (email !== '' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
      return [...missing, { name: 'email', text: 'Адрес не похож на настоящий: имя@сервер.ру.' }];
    }
    if (email !== '' && people.withEmail(email)) {
      return [...missing, { name: 'email', text: 'С этим адресом уже зарегистрированы: войдите.' }];
    }
    return missing;
  }

  async function sendCredentials(person: RsaaPerson): Promise<void> {
    const token = randomUUID();
    if (passwordByLetter) people.setPassword(person.sub, token);
    else invitations.set(token, person);
    const way = passwordByLetter ? `Пароль: ${token}` : `Задать пароль: ${url}/password/${token}`;
    await transport?.sendMail({
      from: 'rsaa@example.test',
      to: { name: '', address: person.email },
      subject: 'Учётная запись РСАА',
      text: `Вы зарегистрированы в РСАА (стенд).\n\nЛогин: ${person.login}\n${way}\n`,
    });
  }
}
