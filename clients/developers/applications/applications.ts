/** «Мои приложения»: the list, a new one, one with all there is to know of it, its change, its end. */
import { randomUUID } from 'node:crypto';
import Router from '@koa/router';
import { z } from 'zod';
import { type PortalContext, type PortalState, seeOther } from '../../relying-party/context.ts';
import { PortalError } from '../../relying-party/errors.ts';
import type { ReadForm } from '../../relying-party/forms.ts';
import type { ManagementApi } from '../api/management-api.ts';
import {
  changeShape,
  createdShape,
  integrationShape,
  KINDS,
  type Kind,
  listOf,
  requestShape,
} from '../api/shapes.ts';
import type { FieldProblem } from '../field-problems.ts';
import { done } from '../notices.ts';
import { suiting } from '../quick-start/suiting.ts';
import type { Page } from '../visit.ts';
import {
  type ApplicationValues,
  AUTHENTICATIONS_OF,
  applicationFields,
  bodyOf,
  changeOf,
  emptyFields,
  emptyValues,
  problemsAt,
  redirects,
  typedValues,
  valuesOf,
} from './application-form.ts';
import { changesTold } from './changes-told.ts';
import { nextSteps } from './next-steps.ts';

export type ApplicationNeeds = {
  readonly page: Page;
  readonly readForm: ReadForm;
  readonly issuer: string;
};

export function applicationRoutes({ page, readForm, issuer }: ApplicationNeeds): Router<PortalState> {
  const router = new Router<PortalState>({ prefix: '/applications' });

  router.get(
    '/',
    page(async ({ ctx, api }) => {
      const { value: list } = await api.read(`/integrations${cursorOf(ctx)}`, listOf(integrationShape));
      ctx.render('applications', { list });
    }),
  );

  router.get(
    '/new',
    page(({ ctx }) => {
      const kind = KINDS.find((each) => each === ctx.query.kind);
      return kind ? showNew(ctx, kind, emptyValues(kind)) : ctx.render('kinds', { kinds: KINDS });
    }),
  );

  router.post(
    '/new',
    page(async ({ ctx, api }) => {
      const { attempt, ...typed } = readForm(ctx, { ...applicationFields, attempt: z.uuid() });
      const values = typedValues(typed);
      const { kind } = typed;
      const empty = emptyFields(kind, values);
      if (empty.length > 0) return showNew(ctx, kind, values, empty);
      const made = bodyOf(values);
      if ('problems' in made) return showNew(ctx, kind, values, made.problems);
      const sent = await api.send('POST', '/integrations', {
        body: { kind, ...made.body },
        shape: createdShape,
        idempotencyKey: attempt,
      });
      if ('problem' in sent) return showNew(ctx, kind, values, problemsAt(sent.problem, values));
      const { client_secret: secret, ...application } = sent.told;
      if (secret === undefined) return seeOther(ctx, `/applications/${application.client_id}`);
      return ctx.render('secret', {
        ...{ application, secret, isNew: true },
        stacks: suiting(application, { issuer, secret, language: ctx.state.language ?? 'ru' }),
      });
    }),
  );

  router.get(
    '/:id',
    page(async ({ ctx, api }) => {
      const path = `/integrations/${idOf(ctx)}`;
      const [{ value: application }, requests] = await Promise.all([
        api.read(path, integrationShape),
        api.find(`${path}/requests`, listOf(requestShape)),
      ]);
      ctx.render('application', {
        application,
        requests: requests?.items ?? [],
        steps: nextSteps(application, requests?.items ?? []),
      });
    }),
  );

  router.get(
    '/:id/edit',
    page(async ({ ctx, api }) => {
      const { value, version } = await api.read(`/integrations/${idOf(ctx)}`, integrationShape);
      showEdit(ctx, { application: value, version, values: valuesOf(value) });
    }),
  );

  router.post(
    '/:id/edit',
    page(async ({ ctx, api }) => {
      const path = `/integrations/${idOf(ctx)}`;
      const { version: seen, ...typed } = readForm(ctx, {
        ...applicationFields,
        version: z.string().max(200),
      });
      const { value: application, version } = await api.read(path, integrationShape);
      const values = { ...typedValues(typed), authentication: application.authentication };
      const empty = emptyFields(application.kind, values);
      if (empty.length > 0) return showEdit(ctx, { application, version, values, problems: empty });
      const made = changeOf(application, values);
      if ('problems' in made) return showEdit(ctx, { application, version, values, problems: made.problems });
      const sent = await api.send('PATCH', path, { body: made.body, ifMatch: seen });
      if (!('problem' in sent)) return done(ctx, path.replace('/integrations', '/applications'), 'saved');
      // Shown with what is newest, so that a second «Сохранить» is a decision.
      return showEdit(ctx, { application, version, values, problems: problemsAt(sent.problem, values) });
    }),
  );

  router.get(
    '/:id/changes',
    page(async ({ ctx, api }) => {
      const path = `/integrations/${idOf(ctx)}`;
      const [{ value: application }, { value: list }] = await Promise.all([
        api.read(path, integrationShape),
        api.read(`${path}/changes${cursorOf(ctx)}`, listOf(changeShape)),
      ]);
      ctx.render('changes', { application, list, changes: changesTold(list.items) });
    }),
  );

  router.get(
    '/:id/delete',
    page(async ({ ctx, api }) => ctx.render('delete', { application: await applicationOf(ctx, api) })),
  );
  router.post(
    '/:id/delete',
    page(async ({ ctx, api }) => {
      const { name } = readForm(ctx, { name: z.string().max(300) });
      const { value: application, version } = await api.read(`/integrations/${idOf(ctx)}`, integrationShape);
      if (name.trim() !== application.name) {
        const problems: FieldProblem[] = [{ field: 'name', key: 'delete.problem.name' }];
        return ctx.render('delete', { application, name, problems });
      }
      const sent = await api.send('DELETE', `/integrations/${application.client_id}`, { ifMatch: version });
      if ('problem' in sent) {
        return ctx.render('delete', {
          application,
          name,
          problems: problemsAt(sent.problem, valuesOf(application)),
        });
      }
      return done(ctx, '/applications', 'deleted');
    }),
  );
  return router;
}

const FORM = { authenticationsOf: AUTHENTICATIONS_OF, redirects };

function showNew(
  ctx: PortalContext,
  kind: Kind,
  values: ApplicationValues,
  problems: readonly FieldProblem[] = [],
): void {
  ctx.render('new', { ...FORM, kind, values, problems, attempt: randomUUID() });
}

function showEdit(ctx: PortalContext, locals: Readonly<Record<string, unknown>>): void {
  ctx.render('edit', { ...FORM, problems: [], ...locals });
}

/** As it stands in an address. Throws PortalError not_found for what can be none. */
export function idOf(ctx: PortalContext, name = 'id'): string {
  const id = ctx.params[name] ?? '';
  if (!/^[\w-]{1,128}$/.test(id)) throw new PortalError('not_found');
  return id;
}

/** Throws PortalError not_found for somebody else's. */
export async function applicationOf(ctx: PortalContext, api: ManagementApi) {
  const { value } = await api.read(`/integrations/${idOf(ctx)}`, integrationShape);
  return value;
}

/** For the next page of a list. */
export function cursorOf({ query: { cursor } }: PortalContext): string {
  return typeof cursor === 'string' ? `?cursor=${encodeURIComponent(cursor)}` : '';
}
