/**
 * The published texts: terms, consents and applications, each version a file of its own that a lawyer edits. Read and
 * judged once at start; a fault of any keeps the process from starting. Knows the form of the texts, not who signs.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { sha256 } from './sha256.ts';

const FOLDER = new URL('../../views/documents/templates/', import.meta.url);
/** As `sha256sum *.txt` writes it. */
const PUBLISHED = 'published.sha256';
const FILE_NAME = /^(?<kind>[a-z_-]+)\.v(?<version>[1-9]\d*)\.txt$/;
const FRONT_MATTER = /^---\nfrom: (?<from>\d{4}-\d{2}-\d{2})\n---\n(?<text>.+)$/s;
const PART = /^## \[(?<part>[a-z]+)\] /;
const PLACEHOLDER = /\{\{(\w+)\}\}/g;

/** 152-ФЗ art. 9 part 4 (domain.md §4.2). */
const CONSENT = [
  ...['subject', 'operator', 'purpose', 'data', 'processors', 'actions', 'term', 'withdrawal', 'signature'],
] as const;
const SIGNER = ['name', 'birthdate', 'email', 'phone', 'ticket'] as const;

type Rules = {
  readonly parts: readonly string[];
  readonly placeholders: readonly string[];
  /** Part → what its text must contain. */
  readonly within: Readonly<Record<string, string>>;
};

const CONSENT_RULES: Rules = {
  parts: CONSENT,
  placeholders: SIGNER,
  within: { subject: '{{name}}', operator: 'Адрес', signature: '{{name}}' },
};

/** To be signed by hand: who signs writes the rest herself. */
const PAPER_RULES: Rules = { ...CONSENT_RULES, placeholders: ['name', 'birthdate', 'organisation'] };

const APPLICATION_RULES: Rules = {
  parts: ['request', 'applicant', 'organisation', 'signature'],
  placeholders: ['name', 'birthdate', 'email', 'phone', 'sex', 'organisation', 'inn', 'unit', 'employment'],
  within: { applicant: '{{name}}', organisation: '{{organisation}}', signature: '{{name}}' },
};

const UNDERTAKING_RULES: Rules = {
  parts: ['person', 'operator', 'data', 'duties', 'term', 'liability', 'signature'],
  placeholders: ['name', 'email', 'organisation', 'office'],
  within: { person: '{{organisation}}', operator: 'Адрес', signature: '{{name}}' },
};

const KINDS = {
  // 63-ФЗ art. 9 part 2: how the signer is established, and the duty to keep the key.
  terms: { parts: ['signer', 'confidentiality', 'equality', 'disputes'], placeholders: [], within: {} },
  union_pd: CONSENT_RULES,
  finfort_pd: {
    ...CONSENT_RULES,
    parts: [...CONSENT, 'recipient'],
    within: { ...CONSENT_RULES.within, recipient: 'ООО «ФИНФОРТ»', purpose: 'PROFCARDS' },
  },
  union_messages: {
    parts: [...CONSENT, 'channels', 'senders'],
    placeholders: [...SIGNER, 'channels', 'senders'],
    within: { ...CONSENT_RULES.within, channels: '{{channels}}', senders: '{{senders}}' },
  },
  'union_pd-paper': PAPER_RULES,
  'finfort_pd-paper': {
    ...PAPER_RULES,
    parts: [...CONSENT, 'recipient'],
    within: { ...PAPER_RULES.within, recipient: 'ООО «ФИНФОРТ»', purpose: 'PROFCARDS' },
  },
  'union_messages-paper': { ...PAPER_RULES, parts: [...CONSENT, 'channels', 'senders'] },
  'application-joining': APPLICATION_RULES,
  'application-enrolment': APPLICATION_RULES,
  undertaking: UNDERTAKING_RULES,
} as const satisfies Record<string, Rules>;

export type Kind = keyof typeof KINDS;

export type Template = {
  readonly kind: Kind;
  readonly version: string;
  /** Day of publication, yyyy-mm-dd. */
  readonly from: string;
  readonly title: string;
  /** Without front matter and marks of parts; placeholders still in it. */
  readonly text: string;
};

/** One version after the other, the current one last. */
export type TemplateShelf = Readonly<Record<Kind, readonly Template[]>>;

/** Some template cannot be published; the message lists every fault. */
export class TemplateFault extends Error {
  override name = 'TemplateFault';
}

/** File name → text, the list of checksums included. */
export type TemplateFiles = ReadonlyMap<string, string>;

export function templateFiles(): TemplateFiles {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt') || name === PUBLISHED);
  return new Map(names.map((name) => [name, readFileSync(new URL(name, FOLDER), 'utf8')]));
}

/** Throws TemplateFault. */
export function readTemplates(files: TemplateFiles = templateFiles()): TemplateShelf {
  const published = checksums(files.get(PUBLISHED) ?? '');
  const faults: string[] = [];
  const found: Template[] = [];
  for (const [name, content] of files) {
    if (name === PUBLISHED) continue;
    const { template, faults: own } = judge(name, content);
    if (template) found.push(template);
    faults.push(...own.map((fault) => `${name}: ${fault}`));
    if (!published.has(name)) {
      faults.push(
        `${name}: is not published; once its text is final, append «sha256sum ${name}» to ${PUBLISHED}`,
      );
    } else if (published.get(name) !== sha256(content)) {
      faults.push(`${name}: was published with another text; restore it and write a new version`);
    }
  }
  for (const name of published.keys()) {
    if (!files.has(name)) faults.push(`${name}: was published and is missing; people signed it`);
  }
  const shelf = Object.fromEntries(
    kinds.map((kind) => [
      kind,
      found
        .filter((template) => template.kind === kind)
        .sort((one, other) => Number(one.version) - Number(other.version)),
    ]),
  ) as unknown as TemplateShelf;
  for (const kind of kinds) {
    const wrong = shelf[kind].findIndex(({ version }, at) => version !== String(at + 1));
    if (shelf[kind].length === 0) faults.push(`${kind}: has no version`);
    else if (wrong >= 0) faults.push(`${kind}: version ${wrong + 1} is missing`);
  }
  if (faults.length > 0) throw new TemplateFault(faults.join('\n'));
  return shelf;
}

const kinds = Object.keys(KINDS) as readonly Kind[];

/** The text with its values, each put in once: what a value contains is never read as a placeholder. */
export function fill(template: Template, values: Readonly<Record<string, string>>): string {
  return template.text.replace(PLACEHOLDER, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`no value for «${name}» of ${template.kind}`);
    return oneLine(value);
  });
}

/** Line breaks, controls and marks of direction would let a value begin a line, or read otherwise than it is. */
function oneLine(value: string): string {
  return value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

function checksums(list: string): Map<string, string> {
  const lines = list.matchAll(/^(?<sum>[0-9a-f]{64}) [ *](?<name>\S+)$/gm);
  return new Map([...lines].map(({ groups }) => [groups?.name ?? '', groups?.sum ?? '']));
}

function judge(name: string, content: string): { template?: Template; faults: readonly string[] } {
  const { kind, version } = FILE_NAME.exec(name)?.groups ?? {};
  if (!isKind(kind) || version === undefined) return { faults: ['is no name like «union_pd.v2.txt»'] };
  const { from, text } = FRONT_MATTER.exec(content)?.groups ?? {};
  if (from === undefined || text === undefined) {
    return { faults: ['does not begin with «---», «from: yyyy-mm-dd», «---»'] };
  }
  const rules: Rules = KINDS[kind];
  const faults = [...faultsOfForm(text), ...faultsOfParts(text, rules), ...faultsOfPlaceholders(text, rules)];
  const title = text.slice(0, text.indexOf('\n'));
  const shown = text.replaceAll(new RegExp(PART, 'gm'), '## ');
  return { template: { kind, version, from, title, text: shown }, faults };
}

/** A line is a block, an empty line parts two: what is read is what is stored, and no line needs an interpretation. */
function faultsOfForm(text: string): string[] {
  const faults: string[] = [];
  const lines = text.split('\n');
  if (lines.pop() !== '') faults.push('does not end with a line break');
  for (const [at, line] of lines.entries()) {
    const before = lines[at - 1];
    const follows = line.startsWith('- ') && before?.startsWith('- ');
    if (line !== line.trim() || /[\p{Cc}\u00AD\uFEFF]| {2}/u.test(line)) {
      faults.push(`line ${at + 1}: stray spaces or invisible characters`);
    }
    if (at === 0 && (line === '' || /^(- |#)/.test(line))) faults.push('does not begin with its title');
    if (line === '' && (before === '' || at === lines.length - 1))
      faults.push(`line ${at + 1}: one empty line too many`);
    if (at > 0 && line !== '' && before !== '' && !follows)
      faults.push(`line ${at + 1}: no empty line before it`);
    if (/^#/.test(line) && !/^## \S/.test(line)) faults.push(`line ${at + 1}: a heading begins with «## »`);
    if (/^(- |## (\[\w+\] )?)?\{\{/.test(line)) faults.push(`line ${at + 1}: a value begins the line`);
  }
  return faults;
}

function faultsOfParts(text: string, { parts, within }: Rules): string[] {
  const sections = text.split(/^(?=## )/m).slice(1);
  const found = new Map<string, string>();
  const faults: string[] = [];
  for (const section of sections) {
    const part = PART.exec(section)?.groups?.part;
    if (part === undefined) continue;
    if (found.has(part)) faults.push(`the part [${part}] is there twice`);
    found.set(part, section.slice(section.indexOf('\n')).trim());
  }
  for (const part of parts) {
    const said = found.get(part);
    if (said === undefined) faults.push(`the part [${part}] is missing`);
    else if (said === '') faults.push(`the part [${part}] says nothing`);
  }
  for (const [part, needed] of Object.entries(within)) {
    if (found.get(part)?.includes(needed) === false)
      faults.push(`the part [${part}] does not say «${needed}»`);
  }
  return faults;
}

function faultsOfPlaceholders(text: string, { placeholders }: Rules): string[] {
  const unknown = [...text.matchAll(PLACEHOLDER)]
    .map(([, name = '']) => name)
    .filter((name) => !placeholders.includes(name));
  const broken = text.replace(PLACEHOLDER, '').match(/\{|\}/) ? ['a brace that is no placeholder'] : [];
  return [...new Set(unknown.map((name) => `the placeholder {{${name}}} is unknown here`)), ...broken];
}

function isKind(text: string | undefined): text is Kind {
  return kinds.some((kind) => kind === text);
}
