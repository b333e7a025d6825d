import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { paragraphsOf } from '../../../provider/documents/paragraphs.ts';
import { readTemplates, TemplateFault, templateFiles } from '../../../provider/documents/templates.ts';

const sum = (text: string): string => createHash('sha256').update(text).digest('hex');
const published = templateFiles();
const LIST = 'published.sha256';

/** The repository with one file changed and published so. */
function withFile(name: string, text: string | undefined): Map<string, string> {
  const files = new Map(published);
  if (text === undefined) files.delete(name);
  else files.set(name, text);
  files.delete(LIST);
  const list = [...files].map(([file, content]) => `${sum(content)}  ${file}\n`).join('');
  return files.set(LIST, list);
}

function faults(files: ReadonlyMap<string, string>): string {
  try {
    readTemplates(files);
  } catch (error) {
    if (error instanceof TemplateFault) return error.message;
    throw error;
  }
  return '';
}

const edited = (name: string, from: string | RegExp, to: string): string => {
  const text = published.get(name) ?? '';
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  return faults(withFile(name, changed));
};

describe('the published templates', () => {
  it('can all be published, each version in its place', () => {
    const shelf = readTemplates();
    const versions = Object.entries(shelf).map(([kind, list]) => [
      kind,
      list.map(({ version }) => version).join(),
    ]);
    expect(Object.fromEntries(versions)).toEqual({
      terms: '1,2',
      undertaking: '1',
      union_pd: '1,2',
      finfort_pd: '1',
      union_messages: '1',
      'union_pd-paper': '1',
      'finfort_pd-paper': '1',
      'union_messages-paper': '1',
      'application-joining': '1',
      'application-enrolment': '1',
    });
  });

  it('are whole documents: a title, numbered headings, nothing of the marks', () => {
    for (const { text, title, kind } of Object.values(readTemplates()).flat()) {
      const blocks = paragraphsOf(text);
      expect(blocks[0], kind).toEqual({ kind: 'title', text: title });
      const headings = blocks.flatMap((block) => (block.kind === 'heading' ? [block.text] : []));
      expect(
        headings.map((heading) => Number.parseInt(heading, 10)),
        kind,
      ).toEqual(headings.map((_, at) => at + 1));
      expect(text).not.toMatch(/\[[a-z]+\]|^---/m);
    }
  });
});

const CONSENTS = ['union_pd.v2.txt', 'finfort_pd.v1.txt', 'union_messages.v1.txt'];
const CONSENT_PARTS = [
  ...['subject', 'operator', 'purpose', 'data', 'processors', 'actions', 'term', 'withdrawal', 'signature'],
];
const mandatory: [string, string][] = [
  ...CONSENTS.flatMap((name) => CONSENT_PARTS.map((part): [string, string] => [name, part])),
  ['finfort_pd.v1.txt', 'recipient'],
  ['union_messages.v1.txt', 'channels'],
  ['union_messages.v1.txt', 'senders'],
  ...['signer', 'confidentiality', 'equality', 'disputes'].map((part): [string, string] => [
    'terms.v2.txt',
    part,
  ]),
  ...['request', 'applicant', 'organisation', 'signature'].map((part): [string, string] => [
    'application-joining.v1.txt',
    part,
  ]),
];

describe('a template cannot be published', () => {
  it.each(mandatory)('%s without [%s]', (name, part) => {
    expect(edited(name, `[${part}] `, '')).toContain(`${name}: the part [${part}] is missing`);
  });

  it('with a part that says nothing', () => {
    expect(edited('union_pd.v2.txt', /(\[term\] [^\n]+\n)[^#]+/, '$1\n')).toContain(
      'the part [term] says nothing',
    );
  });

  it('without the name of the signer, the address of the operator, the recipient', () => {
    expect(edited('union_pd.v2.txt', 'отчество: {{name}}', 'отчество: как в паспорте')).toContain(
      '[subject] does not say',
    );
    expect(edited('union_pd.v2.txt', 'Адрес: ', 'Город: ')).toContain('[operator] does not say «Адрес»');
    expect(edited('finfort_pd.v1.txt', '(ООО «ФИНФОРТ»)', '(общество)')).toContain(
      '[recipient] does not say',
    );
    expect(edited('finfort_pd.v1.txt', 'программе PROFCARDS: вход', 'программе: вход')).toContain(
      '[purpose] does not say',
    );
  });

  it.each([
    ['{{passport}}', 'the placeholder {{passport}} is unknown here'],
    ['{{organisation}}', 'the placeholder {{organisation}} is unknown here'],
    ['{{ name }}', 'a brace that is no placeholder'],
    ['{name}', 'a brace that is no placeholder'],
  ])('with %s', (placeholder, fault) => {
    expect(
      edited('union_pd.v2.txt', 'Дата рождения: {{birthdate}}', `Дата рождения: ${placeholder}`),
    ).toContain(fault);
  });

  it.each([
    ['\n- Дата рождения', '\n- {{name}} Дата рождения', 'a value begins the line'],
    ['\n## [operator] 2. Оператор', '\n## [operator] {{name}}', 'a value begins the line'],
    ['\n## [operator] 2. Оператор', '\n# [operator] 2. Оператор', 'a heading begins with «## »'],
    ['\n\n## [purpose]', '\n## [purpose]', 'no empty line before it'],
    ['\n\n## [purpose]', '\n\n\n## [purpose]', 'one empty line too many'],
    ['\n- Дата', '\n-  Дата', 'stray spaces'],
    ['Дата', 'Да\u00adта', 'stray spaces or invisible'],
  ])('when %j becomes %j', (from, to, fault) => {
    expect(edited('union_pd.v2.txt', from, to)).toContain(fault);
  });

  it('with another front matter, another name, or a gap in its versions', () => {
    expect(edited('union_pd.v2.txt', 'from: ', 'since: ')).toContain('does not begin with');
    expect(faults(withFile('union_pd.v02.txt', published.get('union_pd.v2.txt')))).toContain(
      'is no name like',
    );
    expect(faults(withFile('gift.v1.txt', published.get('union_pd.v2.txt')))).toContain('is no name like');
    expect(faults(withFile('union_pd.v1.txt', undefined))).toContain('union_pd: version 1 is missing');
  });

  it('before its checksum is in the list', () => {
    const files = new Map(published).set('union_pd.v3.txt', published.get('union_pd.v2.txt') ?? '');
    expect(faults(files)).toContain('union_pd.v3.txt: is not published');
  });

  it('when one letter of a published version has changed', () => {
    const changed = (published.get('union_pd.v1.txt') ?? '').replace('свободно', 'добровольно');
    expect(faults(new Map(published).set('union_pd.v1.txt', changed))).toBe(
      'union_pd.v1.txt: was published with another text; restore it and write a new version',
    );
  });

  it('when an older version is gone', () => {
    const files = new Map(published);
    files.delete('terms.v1.txt');
    expect(faults(files)).toContain('terms.v1.txt: was published and is missing');
  });
});
