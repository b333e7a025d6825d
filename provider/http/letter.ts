/**
 * A letter from one entry of the catalogue: subject, plain text and HTML say the same, because all three are made of
 * the same parts. Knows neither who reads it nor how it travels.
 */
import { compileFile } from 'pug';
import { moments } from './moments.ts';
import { catalogues, type LetterName, type Locale, translator } from './texts.ts';

/** A fact that is missing is left out. */
type LetterDetails = {
  readonly givenName?: string | undefined;
  readonly cabinetUrl: string;
  readonly at?: Date;
  readonly device?: string;
  readonly network?: string;
};

type Letter = { readonly subject: string; readonly text: string; readonly html: string };
export type RenderMail = (letter: LetterName, locale: Locale, details: LetterDetails) => Letter;

/** The room of the cabinet a letter leads to. */
const ROOMS: Readonly<Record<LetterName, string>> = { 'password-changed': '', 'new-device': '/sessions' };

const template = compileFile(new URL('../../views/mail/letter.pug', import.meta.url).pathname, {
  compileDebug: false,
  doctype: 'html',
});

export const renderMail: RenderMail = (letter, locale, details) => {
  const t = translator(locale);
  const { moment } = moments(locale, t);
  const values: Readonly<Record<string, string | undefined>> = {
    at: details.at && moment(details.at),
    device: details.device,
    network: details.network,
  };
  const givenName = oneLine(details.givenName);
  const parts = {
    locale,
    site: t('common.site'),
    subject: t(`mail.${letter}.subject`),
    greeting: givenName ? t('mail.common.greeting', { givenName }) : t('mail.common.greeting_nameless'),
    lead: t(`mail.${letter}.lead`),
    facts: Object.keys(catalogues[locale].mail[letter].facts)
      .map((fact) => ({ label: t(`mail.${letter}.facts.${fact}`), value: oneLine(values[fact]) }))
      .filter(({ value }) => value !== ''),
    advice: t(`mail.${letter}.advice`),
    action: t(`mail.${letter}.action`),
    url: details.cabinetUrl + ROOMS[letter],
    closing: [t('mail.common.automatic'), t('common.operator')],
  };
  const locals = Object.assign(Object.create(null), parts);
  return { subject: parts.subject, text: plainText(parts), html: template(locals) };
};

type Parts = {
  readonly greeting: string;
  readonly lead: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly advice: string;
  readonly action: string;
  readonly url: string;
  readonly closing: readonly string[];
};

function plainText({ greeting, lead, facts, advice, action, url, closing }: Parts): string {
  const list = facts.map(({ label, value }) => `${label}: ${value}`).join('\n');
  // «-- » is how a reader of plain text knows where the signature begins (RFC 3676 §4.3).
  return `${[greeting, lead, list, advice, `${action}:\n${url}`].join('\n\n')}\n\n-- \n${closing.join('\n')}\n`;
}

/** A value from outside can begin no line of its own. */
function oneLine(value = ''): string {
  return value.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
