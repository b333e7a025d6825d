/**
 * The text of a guide, read from its file: the first line is the title, «## » begins a heading, «1. » a step, «- » an
 * item, «=> » a link; any other line is a paragraph. «[[key]]» stands for a text of the catalogue: a guide names a button
 * exactly as the page does. «{{name}}» stands for a number of ours, which a guide tells as the page demands it.
 */
import { readFileSync } from 'node:fs';
import { LOCALES, type Locale, type Translate, translator } from '../http/texts.ts';
import { SHORTEST_STAFF_PASSWORD } from '../login/password-rules.ts';
import { GUIDES, type GuideId, guidePath, isGuideId } from './guides.ts';

const FOLDER = new URL('../../views/guides/content/', import.meta.url);
const LABEL = /\[\[([\w.-]+)\]\]/g;
const NUMBER = /\{\{(\w+)\}\}/g;
const NUMBERS: ReadonlyMap<string, number> = new Map([['staff_password', SHORTEST_STAFF_PASSWORD]]);
const LINK = /^=> (?:guide (?<guide>[a-z-]+)|(?<href>\/\S*) (?<text>.+))$/;
const STEP = /^\d+\. /;
const ITEM = '- ';
const HEADING = '## ';

export type GuideBlock =
  | { readonly kind: 'heading' | 'paragraph'; readonly text: string }
  | { readonly kind: 'steps' | 'list'; readonly items: readonly string[] }
  /** Without a text it is named by the title of that guide. */
  | { readonly kind: 'link'; readonly href: string; readonly text: string };

export type Guide = { readonly title: string; readonly blocks: readonly GuideBlock[] };
export type GuideShelf = ReadonlyMap<GuideId, Guide>;

/** Throws RangeError for a line that leads nowhere, a label that no page has, and a number that nobody knows. */
export function parseGuide(text: string, t: Translate, titleOf: (guide: GuideId) => string): Guide {
  const [title = '', ...lines] = text
    .replace(LABEL, (_, key: string) => t(key))
    .replace(NUMBER, (_, name: string) => String(numberOf(name)))
    .split('\n');
  const blocks: GuideBlock[] = [];
  let open: { readonly kind: 'steps' | 'list'; readonly items: string[] } | undefined;
  for (const line of lines) {
    const kind = STEP.test(line) ? 'steps' : line.startsWith(ITEM) ? 'list' : undefined;
    if (kind) {
      if (open?.kind !== kind) {
        open = { kind, items: [] };
        blocks.push(open);
      }
      open.items.push(line.replace(/^(\d+\.|-) /, ''));
      continue;
    }
    open = undefined;
    if (line === '') continue;
    if (line.startsWith('=>')) blocks.push(linkOf(line, titleOf));
    else if (line.startsWith(HEADING)) blocks.push({ kind: 'heading', text: line.slice(HEADING.length) });
    else blocks.push({ kind: 'paragraph', text: line });
  }
  return { title, blocks };
}

function numberOf(name: string): number {
  const known = NUMBERS.get(name);
  if (known === undefined) throw new RangeError(`nobody knows «${name}»`);
  return known;
}

function linkOf(line: string, titleOf: (guide: GuideId) => string): GuideBlock {
  const { guide, href, text } = LINK.exec(line)?.groups ?? {};
  if (guide !== undefined && isGuideId(guide)) {
    return { kind: 'link', href: guidePath(guide), text: titleOf(guide) };
  }
  if (href === undefined || text === undefined) throw new RangeError(`«${line}» leads nowhere`);
  return { kind: 'link', href, text };
}

function readShelf(locale: Locale): GuideShelf {
  const texts = new Map(
    GUIDES.map((id) => [id, readFileSync(new URL(`${id}.${locale}.txt`, FOLDER), 'utf8')]),
  );
  const titleOf = (id: GuideId): string => texts.get(id)?.split('\n', 1)[0] ?? id;
  const t = translator(locale);
  return new Map([...texts].map(([id, text]) => [id, parseGuide(text, t, titleOf)]));
}

/** All of them, read at start: a fault of any keeps the process from starting. */
export const guideShelves = Object.fromEntries(
  LOCALES.map((locale) => [locale, readShelf(locale)]),
) as Readonly<Record<Locale, GuideShelf>>;

export function guideIn(locale: Locale, id: GuideId): Guide {
  return guideShelves[locale].get(id) as Guide;
}
