import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, paragraphsOf } from '../../../provider/documents/paragraphs.ts';
import { readTemplates } from '../../../provider/documents/templates.ts';
import {
  type ApplicationText,
  type Declarant,
  documentWriter,
} from '../../../provider/documents/write-documents.ts';

const templates = documentWriter(readTemplates());

const ivanova: Declarant = {
  name: { family: 'Иванова', given: 'Мария', middle: 'Петровна' },
  email: 'ivanova@example.test',
  birthdate: '1984-03-14',
  phone: '+79000000001',
  ticket: '9900000000000011',
};
const application: ApplicationText = {
  purpose: 'joining',
  sex: 'female',
  birthdate: '1984-03-14',
  phone: '+79000000001',
  organisation: { name: 'МБОУ СОШ № 15 г. Васильевска', inn: '0059000018' },
  employment: 'Работник',
};

/** Any text, and what would do harm if it were believed. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '\n## 99. Заголовок',
    '\r\n- пункт',
    '\u2028Абзац',
    '\u2029## x',
    '\u0085x',
    '{{email}}',
    '$&',
    '\u202Eтескет',
    '# x',
    '- x',
  ),
);
const declarant = fc.record({
  name: fc.record({ family: text, given: text, middle: text }),
  email: text,
  birthdate: text,
  phone: text,
  ticket: text,
});

const written = (person: Declarant, other: string) => [
  templates.unionConsent(person),
  templates.finfortConsent(person),
  templates.messagesConsent(person, { channels: ['sms', 'email'], senders: ['union'] }),
  templates.application(person, {
    ...application,
    organisation: { name: other },
    unit: other,
    employment: other,
  }),
  templates.application(person, {
    ...application,
    purpose: 'enrolment',
    organisation: { name: other },
    employment: other,
  }),
  templates.undertaking(person, { organisation: other, kind: 'primary', role: 'chair' }),
];
const shapeOf = (blocks: readonly Block[]): string[] =>
  blocks.map((block) => (block.kind === 'list' ? `list of ${block.items.length}` : block.kind));

/** The way back, for texts in their one form. */
const bodyOf = (blocks: readonly Block[]): string =>
  `${blocks
    .map((block) => {
      if (block.kind === 'list') return block.items.map((item) => `- ${item}`).join('\n');
      return block.kind === 'heading' ? `## ${block.text}` : block.text;
    })
    .join('\n\n')}\n`;

describe('a written document', () => {
  it('says what is known, and that the rest is not', () => {
    const { body } = templates.unionConsent({
      name: { family: 'Ахметов', given: 'Тимур' },
      email: 'timur@example.test',
    });
    expect(body).toContain('\n- Фамилия, имя, отчество: Ахметов Тимур.\n- Дата рождения: не указано.\n');
    expect(templates.unionConsent(ivanova).body).toContain('\n- Дата рождения: 14.03.1984.\n');
    expect(templates.unionConsent(ivanova).signer).toBe('Иванова Мария Петровна');
  });

  it('is of the current version, with the hash of its bytes', () => {
    const { type, version, title, body, sha256 } = templates.unionConsent(ivanova);
    expect({ type, version, title }).toEqual({ type: 'union_pd', ...templates.currentConsent('union_pd') });
    expect(version).toBe('2');
    expect(sha256).toBe(createHash('sha256').update(body, 'utf8').digest('hex'));
  });

  it('names the ways and senders of messages that were chosen, each once and in one order', () => {
    const one = templates.messagesConsent(ivanova, {
      channels: ['email', 'sms', 'email'],
      senders: ['organisations', 'union'],
    });
    const other = templates.messagesConsent(ivanova, {
      channels: ['sms', 'email'],
      senders: ['union', 'organisations'],
    });
    expect(one).toEqual(other);
    expect(one.body).toContain('следующими способами: SMS-сообщения, письма по электронной почте.\n');
    expect(one.body).not.toContain('PUSH-уведомления.');
    expect(one.channels).toEqual(['sms', 'email']);
    expect(() => templates.messagesConsent(ivanova, { channels: [], senders: ['union'] })).toThrow(
      RangeError,
    );
    expect(() => templates.messagesConsent(ivanova, { channels: ['sms'], senders: [] })).toThrow(RangeError);
  });

  it('asks to be admitted, or to be put on record', () => {
    expect(templates.application(ivanova, application)).toMatchObject({
      title: 'Заявление о приёме в Профсоюз',
      body: expect.stringContaining('- Пол: женский.\n'),
    });
    const enrolment = templates.application(ivanova, { ...application, purpose: 'enrolment' });
    expect(enrolment.title).toBe('Заявление о постановке на профсоюзный учёт');
    expect(enrolment.body).toContain('(ИНН 0059000018)');
    expect(enrolment.type).toBe('application');
  });

  it('keeps its form whatever is typed: no value begins a line, makes a heading or fills another place', () => {
    const forms = written(ivanova, 'МБОУ СОШ № 15').map(({ body }) => shapeOf(paragraphsOf(body)));
    fc.assert(
      fc.property(declarant, text, (person, other) => {
        for (const [at, { body, sha256 }] of written(person, other).entries()) {
          expect(shapeOf(paragraphsOf(body))).toEqual(forms[at]);
          expect(body).not.toMatch(/[\r\u0085\u2028\u2029\u202A-\u202E]/);
          expect(sha256).toBe(createHash('sha256').update(body).digest('hex'));
        }
      }),
    );
  });

  it('puts a placeholder somebody typed in as it is', () => {
    const { body } = templates.unionConsent({ ...ivanova, name: { family: '{{email}}', given: '$&' } });
    expect(body).toContain('отчество: {{email}} $&.');
  });

  it('is the same for the same data', () => {
    fc.assert(
      fc.property(declarant, text, (person, other) => {
        expect(written(person, other)).toEqual(written(structuredClone(person), other));
      }),
    );
  });
});

describe('paragraphs', () => {
  it('lose nothing of a document, and the body comes back byte for byte', () => {
    for (const { body } of [...written(ivanova, 'МБОУ СОШ № 15'), ...templates.termsVersions()]) {
      expect(bodyOf(paragraphsOf(body))).toBe(body);
    }
    fc.assert(
      fc.property(declarant, text, (person, other) => {
        for (const { body } of written(person, other)) expect(bodyOf(paragraphsOf(body))).toBe(body);
      }),
    );
  });

  it('show every line of any text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (lines) => {
        const shown = paragraphsOf(lines.join('\n')).flatMap((block) =>
          block.kind === 'list' ? block.items : [block.text],
        );
        const said = lines
          .join('\n')
          .split('\n')
          .map((line, at) => (at === 0 ? line : line.replace(/^(## |- )/, '')));
        expect(shown.filter(Boolean)).toEqual(said.filter(Boolean));
      }),
    );
  });
});

describe('terms', () => {
  it('the last version is the current one, the older ones stay readable', () => {
    expect(templates.currentTerms().version).toBe('2');
    expect(templates.termsOf('1')?.body).toContain('Условия использования аналога собственноручной подписи');
    expect(templates.termsOf('3')).toBeUndefined();
    expect(templates.termsVersions().map(({ version, from }) => [version, from])).toEqual([
      ['1', '2026-02-01'],
      ['2', '2026-09-01'],
    ]);
  });
});
