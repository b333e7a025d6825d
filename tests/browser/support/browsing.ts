/**
 * A person at a browser of her own: a fresh profile on the shared Chromium, under watch. Whatever no page may do – an
 * error on the console, a request to another host, a broken picture, an answer of 5xx – fails the test that did it.
 */
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { inspect } from './inspect-page.ts';

export type Browsing = {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Judges the page as it stands and takes its pictures under this name; a name once per test file. */
  look(name: string, page?: Page): Promise<void>;
};

export type Browse = (options?: BrowserContextOptions) => Promise<Browsing>;

/** To be called once, at the top of a test file. */
export function useBrowser(): { browse: Browse } {
  let browser: Browser;
  const open: { context: BrowserContext; faults: string[] }[] = [];
  const looked = new Set<string>();
  // On other stores it is the same page.
  const look = async (page: Page, name: string): Promise<void> => {
    if (looked.has(name)) return;
    looked.add(name);
    await inspect(page, name);
  };

  beforeAll(async () => {
    browser = await chromium.connect(inject('browser'));
  });
  afterEach(async () => {
    const seen = open.splice(0);
    await Promise.all(seen.map(({ context }) => context.close()));
    expect(seen.flatMap(({ faults }) => faults)).toEqual([]);
  });
  afterAll(() => browser.close());

  return {
    async browse(options = {}) {
      const context = await browser.newContext({
        locale: 'ru-RU',
        viewport: { width: 1280, height: 800 },
        ...options,
      });
      // Three browsers and as many federations may share two cores.
      context.setDefaultTimeout(30_000);
      open.push({ context, faults: watch(context) });
      const page = await context.newPage();
      return { context, page, look: (name, other = page) => look(other, name) };
    },
  };
}

/** The application of PROFCARDS listens where a native one would (RFC 8252 §7.3). */
const OURS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1']);

function watch(context: BrowserContext): string[] {
  const faults: string[] = [];
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol !== 'data:' && !OURS.has(hostname)) faults.push(`request to ${request.url()}`);
  });
  context.on('response', (response) => {
    const isPage = response.request().resourceType() === 'document';
    // A page that refuses is still a page; what it consists of must be there.
    if (response.status() >= (isPage ? 500 : 400)) faults.push(`${response.status()} ${response.url()}`);
  });
  context.on('console', (message) => {
    const aboutStatus = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !aboutStatus) faults.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => faults.push(`uncaught: ${error.error().message}`));
  return faults;
}
