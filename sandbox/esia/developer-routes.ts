/** For developers of clients: why a request was refused, what can be broken on purpose, who can sign in. */

import { json } from 'node:stream/consumers';
import Router from '@koa/router';
import { z } from 'zod';
import { CALL_FAULTS, QUIRKS, TOKEN_FAULTS } from './faults.ts';
import type { Page } from './pages.ts';
import { readForm } from './read-form.ts';
import type { Scene } from './scene.ts';

const SWITCHES = {
  ac: CALL_FAULTS,
  login: CALL_FAULTS,
  te: CALL_FAULTS,
  rs: CALL_FAULTS,
  tokens: TOKEN_FAULTS,
  quirk: QUIRKS,
};
const FLAGS = ['foreignLinks', 'ignoreEmbed', 'listErrors'] as const;

export function developerRoutes(scene: Scene, page: Page): Router {
  const router = new Router({ prefix: '/developer' });
  const { faults, log, people, systems, password } = scene;

  router.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (!(error instanceof z.ZodError || error instanceof SyntaxError)) throw error;
      ctx.status = 400;
      ctx.body = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
    }
  });
  router.get('/', (ctx) => {
    page(ctx, 'developer', {
      requests: log.all(),
      faults: faults.now(),
      switches: SWITCHES,
      flags: FLAGS,
      people: people.all,
      password,
      systems: [...systems.values()],
    });
  });
  router.get('/requests', (ctx) => {
    ctx.body = log.all();
  });
  router.get('/faults', (ctx) => {
    ctx.body = faults.now();
  });
  /** JSON from a script, a form from the page. */
  router.post('/faults', async (ctx) => {
    if (ctx.is('json')) {
      ctx.body = faults.set(await json(ctx.req));
      return;
    }
    faults.set(changeOf((await readForm(ctx)) ?? new URLSearchParams()));
    ctx.redirect('/developer');
  });
  router.delete('/faults', (ctx) => {
    faults.mend();
    ctx.body = faults.now();
  });
  router.post('/rotate', (ctx) => {
    scene.authority.rotate();
    if (ctx.accepts('html', 'json') === 'html') ctx.redirect('/developer');
    else ctx.body = scene.authority.published();
  });

  return router;
}

/** The whole form: what is not ticked is mended. */
function changeOf(form: URLSearchParams): Record<string, unknown> {
  return {
    ...Object.fromEntries(Object.keys(SWITCHES).map((name) => [name, form.get(name) || null])),
    ...Object.fromEntries(FLAGS.map((name) => [name, form.has(name)])),
    clock: Number(form.get('clock') ?? 0),
  };
}
