/**
 * Every page in every state there is an example of, drawn without a gateway: on a phone with letters of twice the size,
 * whichever way they were enlarged, nothing scrolls sideways; on paper nothing of the screen is left.
 */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { GatewayContext } from '../../provider/http/context.ts';
import { compilePages } from '../../provider/http/render.ts';
import { staticFiles } from '../../provider/http/static-files.ts';
import { examples } from '../unit/views/examples.ts';
import { useBrowser } from './support/browsing.ts';

const { browse } = useBrowser();
const page = compilePages({ issuer: 'https://id.example.test' });

/** A phone of 360 px: zoomed to 200 %, and with text of 200 %. */
const FRAMES = [
  { id: 'zoomed', width: 180, text: '100%' },
  { id: 'enlarged', width: 360, text: '200%' },
];
const NOT_FOR_PAPER = '.no-print, .no-print *, .crumbs, .button, .sections, .top-tools, .bottom';

/** What is asked of a document that was drawn. */
const SIDEWAYS = 'drawn.documentElement.scrollWidth - drawn.documentElement.clientWidth';
const STILL_SEEN = `[...drawn.querySelectorAll('${NOT_FOR_PAPER}')].filter((one) => one.getClientRects().length > 0).length`;

type Drawn = { readonly name: string; readonly html: string };

/** Of states that differ in their words alone, the wordiest. In Russian, whose words are the longer ones. */
const drawn = new Map<string, Drawn>();
for (const { name, view, locals } of examples) {
  const html = page(view, { locale: 'ru', csrf: 'a-token', path: '/here' }, locals);
  const tags = html
    .replace(/>[^<]+</g, '><')
    .replace(/ (id|name|value|href|for|action|aria-[a-z]+)="[^"]*"/g, '');
  const other = drawn.get(tags);
  if (!other || other.html.length < html.length) drawn.set(tags, { name, html });
}

type Frame = { readonly id: string; readonly text: string; readonly html: string };

function drawIn(page: Page, { id, text, html }: Frame, question: string): Promise<number> {
  return page.evaluate<number>(`{
    const drawn = document.getElementById('${id}').contentDocument;
    drawn.open();
    drawn.write(${JSON.stringify(withStyles(html))});
    drawn.close();
    drawn.documentElement.style.fontSize = '${text}';
    ${question};
  }`);
}

/** Nothing is fetched: the frames are drawn faster than a gateway could answer. */
function withStyles(html: string): string {
  return html
    .replace(/<link rel="stylesheet" href="([^"]*)">/g, (_, path: string) => `<style>${served(path)}</style>`)
    .replace(/<link rel="icon"[^>]*>|<script[^>]*><\/script>|<img[^>]*>/g, '');
}

function served(path: string): string {
  const ctx = { path, method: 'GET', set: () => undefined, body: undefined as unknown };
  void staticFiles()(ctx as unknown as GatewayContext, async () => undefined);
  return String(ctx.body);
}

it('has room for every page on a phone with letters of twice the size', async () => {
  const { page: shown } = await browse();
  await shown.setContent(
    FRAMES.map(({ id, width }) => `<iframe id="${id}" width="${width}" height="800"></iframe>`).join(''),
  );
  const tooWide: string[] = [];
  for (const { name, html } of drawn.values()) {
    for (const { id, text } of FRAMES) {
      const sideways = await drawIn(shown, { id, text, html }, SIDEWAYS);
      if (sideways > 0) tooWide.push(`${name}, ${id}: ${sideways} px`);
    }
  }
  expect(tooWide).toEqual([]);
});

it('prints nothing that is not for paper', async () => {
  const { page: shown } = await browse();
  await shown.emulateMedia({ media: 'print' });
  await shown.setContent('<iframe id="paper" width="1000" height="800"></iframe>');
  const printed: string[] = [];
  for (const { name, html } of drawn.values()) {
    if (!html.includes('no-print')) continue;
    const left = await drawIn(shown, { id: 'paper', text: '100%', html }, STILL_SEEN);
    if (left > 0) printed.push(`${name}: ${left}`);
  }
  expect(printed).toEqual([]);
});
