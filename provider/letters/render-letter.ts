/**
 * A letter from its facts: subject, plain text and HTML say the same, because all three are made of the same parts.
 * Knows neither who reads it nor how it travels.
 */
import { compileFile } from 'pug';
import { moments } from '../http/moments.ts';
import { catalogues, type Locale, translator } from '../http/texts.ts';
import { CONTENTS } from './letter-contents.ts';
import type { LetterFacts, LetterName } from './post.ts';

export type RenderedLetter = {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Where one POST ends such letters (RFC 8058); only letters that may be refused have it. */
  readonly unsubscribeUrl?: string;
};

export type RenderLetter = <Name extends LetterName>(
  name: Name,
  locale: Locale,
  facts: LetterFacts[Name],
  givenName?: string,
) => RenderedLetter;

const LONGEST_VALUE = 2_000;
/** Letters and what stands between them: a greeting in which a mail program finds no link (security.md class 34). */
const GREETABLE = /^\p{L}[\p{L}\p{M}’' -]{0,59}$/u;

const template = compileFile(new URL('../../views/mail/letter.pug', import.meta.url).pathname, {
  compileDebug: false,
  doctype: 'html',
});

/** `issuer`: links lead there and nowhere else, whatever host a request named (security.md class 3). */
export function letterRenderer(issuer: string): RenderLetter {
  return (name, locale, facts, givenName = '') => {
    const t = translator(locale);
    const { moment } = moments(locale, t);
    const contents = CONTENTS[name](facts, { t, moment });
    const { values = {}, list = [], code, terms = [], further = [] } = contents;
    const { path, linkTerms, unsubscribePath } = contents;
    const texts: Texts = catalogues[locale].mail[name];
    const subject = oneLine(contents.subject ?? texts.subject);
    const unsubscribeUrl = unsubscribePath && linkTo(issuer, unsubscribePath);
    const parts: Parts = {
      greeting: GREETABLE.test(givenName)
        ? t('mail.common.greeting', { givenName })
        : t('mail.common.greeting_nameless'),
      lead: (contents.lead ?? sentences(texts.lead)).map(oneLine),
      list: list.map(oneLine),
      code,
      facts: Object.entries(texts.facts ?? {}).map(([fact, label]) => ({
        label,
        value: cut(oneLine(values[fact])),
      })),
      advice: [...terms, ...sentences(contents.advice ?? texts.advice)],
      action:
        path === undefined
          ? undefined
          : { label: contents.action ?? texts.action, url: linkTo(issuer, path), terms: linkTerms },
      further: further.map((one) => ({ label: oneLine(one.title), url: linkTo(issuer, one.path) })),
      unsubscribe: unsubscribeUrl ? { label: t('mail.common.unsubscribe'), url: unsubscribeUrl } : undefined,
      closing: [...(unsubscribeUrl ? [] : [t('mail.common.automatic')]), t('common.operator')],
    };
    const locals = Object.assign(Object.create(null), parts, { locale, site: t('common.site'), subject });
    return {
      subject,
      text: plainText(parts),
      html: template(locals),
      ...(unsubscribeUrl && { unsubscribeUrl }),
    };
  };
}

type Texts = {
  readonly subject?: string;
  readonly lead?: string;
  readonly facts?: Readonly<Record<string, string>>;
  readonly advice?: string;
  readonly action?: string;
};

type Parts = {
  readonly greeting: string;
  readonly lead: readonly string[];
  readonly list: readonly string[];
  readonly code: string | undefined;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly advice: readonly string[];
  readonly action:
    | { readonly label: string | undefined; readonly url: string; readonly terms: string | undefined }
    | undefined;
  readonly further: readonly { readonly label: string; readonly url: string }[];
  readonly unsubscribe: { readonly label: string; readonly url: string } | undefined;
  readonly closing: readonly string[];
};

function plainText({
  greeting,
  lead,
  list,
  code,
  facts,
  advice,
  action,
  further,
  unsubscribe,
  closing,
}: Parts): string {
  const blocks = [
    greeting,
    ...lead,
    list.map((title) => `- ${title}`).join('\n'),
    code ?? '',
    facts.map(({ label, value }) => `${label}: ${value}`).join('\n'),
    ...advice,
    action ? `${action.label}:\n${action.url}` : '',
    action?.terms ?? '',
    ...further.map(({ label, url }) => `${label}:\n${url}`),
    unsubscribe ? `${unsubscribe.label}:\n${unsubscribe.url}` : '',
  ];
  const body = blocks.filter((block) => block !== '').join('\n\n');
  // «-- » is how a reader of plain text knows where the signature begins (RFC 3676 §4.3).
  return `${body}\n\n-- \n${closing.join('\n')}\n`;
}

/** Throws for a path that leads to another host: `//evil.test`, an absolute address. */
function linkTo(issuer: string, path: string): string {
  const url = new URL(path, issuer);
  if (url.origin !== issuer || !path.startsWith('/'))
    throw new RangeError('a letter links to our own host alone');
  return url.href;
}

const sentences = (text: string | undefined): readonly string[] => (text === undefined ? [] : [text]);

/** A value from outside can begin no line of its own. */
function oneLine(value = ''): string {
  return value.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

function cut(value: string): string {
  return value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value;
}
