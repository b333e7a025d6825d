/** The pages of all stacks, made from the list that the developer pages show: `node docs/integrators/write-stacks.ts`. */
import { writeFileSync } from 'node:fs';
import { type Stack, stacks } from '../../clients/developers/snippets/snippets.ts';

export type Language = 'ru' | 'en';

const SNIPPETS = '../../clients/developers/snippets';

const TEXTS = {
  ru: {
    head: ['# Стеки', '', '[English](stacks.en.md) · [Все страницы](README.md)', ''],
    intro: [
      'Файлы лежат в [clients/developers/snippets](../../clients/developers/snippets) с местами вида `{{client_id}}`;',
      '«Для разработчиков» показывает их с Вашими значениями. Исполняется – значит, тест запускает ровно эти файлы против',
      'шлюза: вход, обновление токенов, выход здесь и, где он есть, выход из другого места.',
    ],
    install: 'Установка',
    run: 'Запуск',
    callback: 'Адрес возврата',
    logout: 'Адрес back-channel logout',
    executed: 'Исполняется в наших тестах.',
    not: 'Не исполняется',
  },
  en: {
    head: ['# Stacks', '', '[Русский](stacks.md) · [All pages](README.en.md)', ''],
    intro: [
      'The files lie in [clients/developers/snippets](../../clients/developers/snippets) with places such as `{{client_id}}`;',
      '“For developers” shows them with your values. Executed means that a test runs these very files against a gateway:',
      'sign-in, refresh, sign-out here and, where there is one, the sign-out from elsewhere.',
    ],
    install: 'Install',
    run: 'Run',
    callback: 'Redirect address',
    logout: 'Back-channel logout address',
    executed: 'Executed in our tests.',
    not: 'Not executed',
  },
} as const;

export function stacksPage(language: Language): string {
  const { head, intro } = TEXTS[language];
  return [...head, ...intro, ...stacks.flatMap((stack) => sectionOf(stack, language)), ''].join('\n');
}

function sectionOf(stack: Stack, language: Language): string[] {
  const texts = TEXTS[language];
  const facts = [
    ...stack.files.map(({ path }) => `- [${path}](${SNIPPETS}/${path})`),
    ...fact(texts.install, stack.install),
    ...fact(texts.run, stack.run),
    ...fact(texts.callback, stack.callback),
    ...fact(texts.logout, stack.backchannel_logout),
  ];
  const why = stack.why_not_executed?.[language];
  const proof = why === undefined ? texts.executed : `${texts.not}: ${why}.`;
  return ['', `## ${stack.title[language]}`, '', proof, '', ...facts];
}

const fact = (name: string, value: string | undefined): string[] =>
  value === undefined ? [] : [`- ${name}: \`${value}\``];

if (import.meta.main) {
  for (const [language, name] of [
    ['ru', 'stacks.md'],
    ['en', 'stacks.en.md'],
  ] as const) {
    writeFileSync(new URL(name, import.meta.url), stacksPage(language));
  }
}
