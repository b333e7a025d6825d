/** «Компьютер в учительской»: the middleware in reading order, and the three things that can be pressed. */
import { existsSync } from 'node:fs';
import Router from '@koa/router';
import Koa from 'koa';
import { type Logger, pino } from 'pino';
import QRCode from 'qrcode';
import { loadAssets } from '../relying-party/assets.ts';
import type { Middleware, PortalContext, PortalState } from '../relying-party/context.ts';
import { seeOther } from '../relying-party/context.ts';
import { errorPage } from '../relying-party/error-page.ts';
import { PortalError } from '../relying-party/errors.ts';
import { formBody, visitorFormReader } from '../relying-party/forms.ts';
import { pages } from '../relying-party/pages.ts';
import type { RunningPortal } from '../relying-party/portal.ts';
import { requestLog } from '../relying-party/request-log.ts';
import { securityHeaders } from '../relying-party/security-headers.ts';
import { serve } from '../relying-party/serve.ts';
import { loadTexts } from '../relying-party/texts.ts';
import { deviceGrant } from './device-grant.ts';
import { openScreen, type Screen } from './screen.ts';
import type { KioskSettings } from './settings.ts';

const FOLDERS = [new URL('../relying-party/', import.meta.url), new URL('./', import.meta.url)];
const within = (path: string) =>
  FOLDERS.map((folder) => new URL(path, folder)).filter((url) => existsSync(url));

/** How often the page asks again while it waits for somebody's phone. */
const LOOK_AGAIN_SECONDS = 4;

/** Resolves when it listens; the gateway need not be there yet. */
export async function startKiosk(
  settings: KioskSettings,
  { log = pino({ level: settings.logLevel }) }: { readonly log?: Logger } = {},
): Promise<RunningPortal> {
  const { publicUrl, issuer, idleMinutes } = settings;
  const screen = openScreen(deviceGrant(settings), idleMinutes * 60_000, log);
  const assets = loadAssets(within('public/'));

  const app = new Koa<PortalState>();
  const use = (middleware: Middleware) => app.use(middleware as unknown as Koa.Middleware<PortalState>);
  use(requestLog(log));
  use(securityHeaders(publicUrl, issuer));
  use(
    pages({
      ...{ folders: within('views/'), assets, issuer, notices: [] },
      texts: new Map([['ru', loadTexts(within('ru.json'))]]),
      always: { name: settings.deviceName },
    }),
  );
  use(errorPage());
  use(assets.serve);
  use(formBody());
  use(kioskRoutes(screen, settings).routes() as unknown as Middleware);
  app.on('error', (err: unknown) => log.error({ err }, 'answer not delivered'));

  const listener = await serve(app.callback(), settings.listen);
  log.info({ port: listener.port, portal: 'kiosk' }, 'listening');
  let closing: Promise<void> | undefined;
  return {
    port: listener.port,
    stop() {
      closing ??= screen.end('ended').then(() => listener.close());
      return closing;
    },
  };
}

function kioskRoutes(screen: Screen, { publicUrl, idleMinutes }: KioskSettings): Router<PortalState> {
  const router = new Router<PortalState>();
  const readForm = visitorFormReader(publicUrl);
  const get = (path: string, show: (ctx: PortalContext) => Promise<void> | void) =>
    router.get(path, (raw) => show(raw as unknown as PortalContext));
  const press = (path: string, act: () => Promise<void> | void) =>
    router.post(path, async (raw) => {
      const ctx = raw as unknown as PortalContext;
      readForm(ctx, {});
      await act();
      seeOther(ctx, '/');
    });

  get('/healthz', (ctx) => {
    ctx.body = 'ok\n';
  });
  get('/', (ctx) => {
    const shown = screen.shown();
    if (shown.kind === 'code') {
      ctx.set('Refresh', String(LOOK_AGAIN_SECONDS));
      const { userCode, address, expiresAt } = shown.asking;
      const minutes = Math.max(1, Math.ceil((expiresAt.getTime() - Date.now()) / 60_000));
      return ctx.render('code', { userCode, address: address.replace(/^https?:\/\//, ''), minutes });
    }
    if (shown.kind === 'person') {
      // A page that was reloaded under somebody's hands would take the focus from them.
      ctx.set('Refresh', String(Math.ceil(idleMinutes * 60) + 1));
      return ctx.render('person', { givenName: shown.person.givenName, idleMinutes });
    }
    return ctx.render('invitation', { why: shown.why });
  });
  get('/qr.svg', async (ctx) => {
    const shown = screen.shown();
    if (shown.kind !== 'code') throw new PortalError('not_found');
    ctx.type = 'image/svg+xml';
    ctx.body = await QRCode.toString(shown.asking.completeAddress, { type: 'svg', margin: 2 });
  });
  press('/begin', screen.begin);
  press('/stay', screen.stay);
  press('/end', () => screen.end('ended'));
  return router;
}
