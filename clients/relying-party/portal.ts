/**
 * Puts a portal together: the middleware in reading order, the stores, the way to the gateway, then the portal's own
 * routes. Knows nothing of what the portal offers to those who are signed in.
 */
import { existsSync } from 'node:fs';
import type Router from '@koa/router';
import Koa from 'koa';
import { type Logger, pino } from 'pino';
import { type ApiTokens, sqliteApiTokens } from './api-tokens.ts';
import { loadAssets } from './assets.ts';
import { type Authorization, authorization, declineTo, type Purpose } from './authorization.ts';
import { sqliteAuthorizationRequests } from './authorization-requests.ts';
import { backchannelLogout } from './backchannel-logout.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Middleware, PortalState } from './context.ts';
import { type Cookies, portalCookies } from './cookies.ts';
import { type Database, openDatabase } from './database.ts';
import { errorPage } from './error-page.ts';
import { formBody, formReader, type ReadForm } from './forms.ts';
import { type Gateway, openidGateway } from './gateway.ts';
import { type KeyedHash, keyedHash } from './keyed-hash.ts';
import { chosenLanguage, languageRoutes } from './languages.ts';
import { loadSession } from './load-session.ts';
import { pages } from './pages.ts';
import type { ReadProfile } from './profile.ts';
import { requestLog } from './request-log.ts';
import { securityHeaders } from './security-headers.ts';
import { serve } from './serve.ts';
import { type Sessions, sqliteSessions } from './sessions.ts';
import type { PortalSettings } from './settings.ts';
import { SIGN_IN, signInPurpose, signInRoutes, silentSignIn } from './sign-in.ts';
import { signOutRoutes } from './sign-out.ts';
import { type Language, loadTexts } from './texts.ts';

/** What a portal's own part is made with. */
export type PortalParts = {
  readonly database: Database;
  readonly hash: KeyedHash;
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly cookies: Cookies;
  readonly tokens: ApiTokens;
  readonly gateway: Pick<Gateway, 'userInfo'>;
  readonly readForm: ReadForm;
};

/** A portal's own part. */
export type Offer = {
  /** Further authorization requests, by name; one named like signing in takes its place. */
  readonly purposes: Readonly<Record<string, Purpose>>;
  routes(authorization: Authorization): readonly Router<PortalState>[];
  /** Done every few seconds: what must happen though nobody comes. */
  tidy(): void;
};

export type PortalDefinition = {
  /** Short and plain: marks its cookies. */
  readonly name: string;
  /** Of signing in. */
  readonly scope: string;
  /** What is kept of the claims of signing in. */
  readonly readProfile: ReadProfile;
  /** Signs in without a button whoever is signed in at the gateway. */
  readonly signsInSilently: boolean;
  /** Folders with any of `schema.sql`, `ru.json` (`en.json`), `views/` and `public/`; a later one may overrule an earlier. */
  readonly folders: readonly URL[];
  /** Address of the API of the gateway's that it uses for the person. */
  readonly resource?: string;
  /** Keeps tokens beside the session, to ask the gateway again what the person lets it know. */
  readonly keepsTokens?: true;
  /** Those its folders have a catalogue of; Russian alone unless it says so. */
  readonly languages?: readonly Language[];
  /** Sentences that its catalogue has. */
  readonly notices: readonly string[];
  /** Facts that templates may name on every page. */
  readonly always: Readonly<Record<string, unknown>>;
  offer(parts: PortalParts): Offer;
};

export type StartOptions = { readonly clock?: Clock; readonly log?: Logger };

export type RunningPortal = {
  readonly port: number;
  /** Ends what is under way, then closes the database. */
  stop(): Promise<void>;
};

const TIDY_MS = 5_000;
const OWN_FOLDER = new URL('./', import.meta.url);

/** Resolves when it listens; the gateway need not be there yet. Throws when the port or the database cannot be had. */
export async function startPortal(
  definition: PortalDefinition,
  settings: PortalSettings,
  { clock = systemClock, log = pino({ level: settings.logLevel }) }: StartOptions = {},
): Promise<RunningPortal> {
  const { publicUrl, issuer, clientId } = settings;
  const folders = [OWN_FOLDER, ...definition.folders];
  const within = (path: string) =>
    folders.map((folder) => new URL(path, folder)).filter((url) => existsSync(url));

  const database = openDatabase(settings.databaseFile, within('schema.sql'));
  const hash = keyedHash(settings.sessionKey);
  const sessions = sqliteSessions(database, hash, clock);
  const requests = sqliteAuthorizationRequests(database, hash, clock);
  const gateway = openidGateway(settings, { ...definition, clock });
  const tokens = sqliteApiTokens({ database, hash, gateway, clock });
  const { languages = ['ru'] } = definition;
  const cookies = portalCookies(definition.name, publicUrl);
  const readForm = formReader(publicUrl);
  const offer = definition.offer({ database, hash, clock, sessions, cookies, tokens, gateway, readForm });
  const assets = loadAssets(within('public/'));
  const way = authorization({
    gateway,
    requests,
    cookies,
    purposes: {
      [SIGN_IN]: signInPurpose({
        ...definition,
        ...{ sessions, cookies, tokens, decline: declineTo('/', 'access_denied') },
      }),
      ...offer.purposes,
    },
  });

  const app = new Koa<PortalState>();
  const use = (middleware: Middleware) => app.use(middleware as unknown as Koa.Middleware<PortalState>);
  const on = (method: string, path: string, middleware: Middleware) =>
    use((ctx, next) => {
      const asked = ctx.method === 'HEAD' ? 'GET' : ctx.method;
      return asked === method && ctx.path === path ? middleware(ctx, next) : next();
    });
  const routes = (router: Router<PortalState>) => {
    use(router.routes() as unknown as Middleware);
    use(router.allowedMethods() as unknown as Middleware);
  };

  use(requestLog(log));
  use(securityHeaders(publicUrl, issuer));
  if (languages.length > 1) use(chosenLanguage(languages, cookies));
  use(
    pages({
      folders: within('views/'),
      texts: new Map(
        languages.map((language) => [language, loadTexts(within(`${language}.json`), language)]),
      ),
      assets,
      issuer,
      notices: definition.notices,
      always: definition.always,
    }),
  );
  use(errorPage());
  on('GET', '/healthz', (ctx) => {
    ctx.body = 'ok\n';
  });
  use(assets.serve);
  use(formBody());
  on('POST', '/backchannel-logout', backchannelLogout({ gateway, sessions, clientId, clock }));
  use(loadSession(cookies, sessions, hash));
  if (languages.length > 1) routes(languageRoutes(languages, publicUrl, cookies));
  routes(signInRoutes(way, publicUrl));
  routes(signOutRoutes({ gateway, sessions, cookies, readForm }));
  if (definition.signsInSilently) on('GET', '/', silentSignIn(way, gateway, cookies));
  for (const router of offer.routes(way)) routes(router);
  app.on('error', (err: unknown) => log.error({ err }, 'answer not delivered'));

  const tidy = () => {
    offer.tidy();
    sessions.purge();
    requests.purge();
  };
  tidy();
  const listener = await serve(app.callback(), settings.listen).catch((error: unknown) => {
    database.close();
    throw error;
  });
  const looking = new AbortController();
  void gateway.lookFor(looking.signal, (err) => log.warn({ err }, 'gateway not found yet'));
  const tidying = setInterval(tidy, TIDY_MS).unref();
  log.info({ port: listener.port, portal: definition.name }, 'listening');

  const close = async () => {
    looking.abort();
    clearInterval(tidying);
    await listener.close();
    database.close();
    log.info('stopped');
  };
  let closing: Promise<void> | undefined;
  return {
    port: listener.port,
    stop() {
      closing ??= close();
      return closing;
    },
  };
}
