/** What the sandbox says when it is ready: a table for people, one line of JSON for scripts (design.md §8). */
import { styleText } from 'node:util';
import type { DescribedPerson } from './people/people.ts';

export type Federation = {
  readonly issuer: string;
  /** Of chairs and operators. */
  readonly workplace: string;
  readonly portals: Readonly<Record<string, string>>;
  readonly upstreams: Readonly<Record<string, string>>;
  readonly registry: string;
  readonly mail: { readonly web: string; readonly api: string };
  /** ООО «ФИНФОРТ», and the operator of SMS and PUSH. */
  readonly recipient: { readonly web: string; readonly api: string };
  readonly messages: { readonly web: string; readonly api: string };
  readonly people: readonly DescribedPerson[];
  readonly clients: readonly {
    readonly client_id: string;
    readonly client_secret?: string;
    readonly redirect_uris?: readonly string[];
  }[];
  readonly initial_access_token: string;
};

const PORTAL_NAMES: Record<string, string> = {
  dictation: 'Профсоюзный диктант',
  compass: 'Профсоюзный компас',
  profcards: 'PROFCARDS',
  epos: 'Портал ЭПОС',
  'epos-school': 'ЭПОС.Школа',
  'epos-kontingent': 'Контингент',
  'epos-diary': 'Дневник',
  developers: 'Для разработчиков',
  kiosk: 'Компьютер в учительской',
  profcards_app: 'PROFCARDS для телефона',
};
const UPSTREAM_NAMES: Record<string, string> = {
  esia: 'ЕСИА (стенд): поломки – на /developer',
  rsaa: 'РСАА (стенд)',
};

export function asTable({
  issuer,
  workplace,
  portals,
  upstreams,
  registry,
  mail,
  recipient,
  messages,
  people,
  clients,
  initial_access_token,
}: Federation): string {
  const places: [string, string][] = [
    ['Шлюз, личный кабинет', issuer],
    ['Рабочее место председателя', workplace],
    ['Рабочее место оператора (M-25 Рябов)', new URL('/operator/people', workplace).href],
    ...Object.entries(portals).map(([id, url]): [string, string] => [PORTAL_NAMES[id] ?? id, url]),
    ...Object.entries(upstreams).map(([id, url]): [string, string] => [UPSTREAM_NAMES[id] ?? id, url]),
    ['АИС «Единый реестр»', registry],
    ['Почта (ловушка)', mail.web],
    ['SMS и PUSH (ловушка)', messages.web],
    ['ООО «ФИНФОРТ» (события)', recipient.web],
  ];
  const who = people
    .filter(({ password }) => password !== undefined)
    .map(({ id, name = '', email = '—', ticket = '—', password = '' }) => [
      id,
      name,
      email,
      ticket,
      password,
    ]);
  const expected = people
    .filter(({ password, ticket }) => password === undefined && ticket !== undefined)
    .map(({ id, name = '', birthdate = '—', ticket = '—' }) => [id, name, birthdate, ticket]);
  const atEsia = people.flatMap(({ id, esia }) =>
    esia ? [[id, esia.name, esia.phone ?? '—', esia.email ?? '—', esia.snils ?? '—', esia.password]] : [],
  );
  const atRsaa = people.flatMap(({ id, rsaa }) =>
    rsaa ? [[id, rsaa.name, rsaa.login, rsaa.email, rsaa.password]] : [],
  );
  const known = clients.map(({ client_id, client_secret = '—' }) => [client_id, client_secret]);
  return [
    heading('Union ID: песочница'),
    columns(places),
    heading('Люди'),
    columns([['', 'ФИО', 'E-mail', 'Номер ЭПБ', 'Пароль'], ...who]),
    heading('Ещё без личного кабинета: «Создать» с любым адресом, затем «ДА»'),
    columns([['', 'ФИО', 'Дата рождения', 'Номер ЭПБ'], ...expected]),
    heading('Госуслуги (ЕСИА): телефон, e-mail или СНИЛС'),
    columns([['', 'ФИО', 'Телефон', 'E-mail', 'СНИЛС', 'Пароль'], ...atEsia]),
    heading('РСАА: логин или e-mail'),
    columns([['', 'ФИО', 'Логин', 'E-mail', 'Пароль'], ...atRsaa]),
    heading('Приложения интегратора'),
    columns([['client_id', 'client_secret'], ...known, ['initial access token', initial_access_token]]),
    '',
    'Ctrl+C останавливает всё.',
    '',
  ].join('\n');
}

const heading = (text: string): string => `\n${styleText('bold', text)}\n`;

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => [...(row[at] ?? '')].length)));
  return rows
    .map(
      (row) =>
        `  ${row
          .map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - [...cell].length))
          .join('  ')
          .trimEnd()}`,
    )
    .join('\n');
}
