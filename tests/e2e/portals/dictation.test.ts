/** The Dictation from the first question to the certificate, with everything that can come between. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readQuestionBook } from '../../../clients/quiz/question-book.ts';
import type { Page, Visitor } from '../../support/visitor.ts';
import {
  begun,
  chosenOn,
  forgetProvider,
  heading,
  noticeOn,
  type OpenPortal,
  openPortal,
  signedIn,
  somebody,
} from './open-portal.ts';

const MINUTE = 60_000;
const { questions } = readQuestionBook(new URL('../../../clients/dictation/questions.json', import.meta.url));

let portal: OpenPortal;
beforeAll(async () => {
  portal = await openPortal('dictation');
});
afterAll(() => portal.stop());
beforeEach(() => {
  portal.op.person = somebody();
});

const at = (path: string) => portal.url + path;
const answer = (who: Visitor, page: Page, option: string, more: Record<string, string> = {}) =>
  who.submit(page, /^\/questions\//, { option, ...more });

/** Answers the first `right` questions rightly, the rest not at all. */
async function answerRightly(who: Visitor, first: Page, right: number): Promise<void> {
  let page = first;
  for (const question of questions.slice(0, right)) {
    page = await who.follow(await answer(who, page, question.answer));
  }
}

async function finished(right: number, where = portal) {
  const { who, page } = await begun(where);
  await answerRightly(who, page, right);
  const confirm = await who.open(`${where.url}/finish`);
  return { who, confirm, page: await who.follow(await who.submit(confirm, /^\/finish$/)) };
}

describe('an attempt', () => {
  test('goes question by question; each answer is stored by itself', async () => {
    const { who, page } = await begun(portal);
    expect(page.url.pathname).toBe('/questions/1');
    expect(heading(page)).toBe(questions[0]!.text);
    const second = await who.follow(await answer(who, page, 'c'));
    expect(second.url.pathname).toBe('/questions/2');
    expect(chosenOn(await who.open(at('/questions/1')))).toBe('c');
    const changed = await who.follow(await answer(who, page, 'b', { to: '7' }));
    expect(changed.url.pathname).toBe('/questions/7');
    expect(chosenOn(await who.open(at('/questions/1')))).toBe('b');
  });

  test('can be left and taken up again: reload, another tab, another device, a restart', async () => {
    const { who, page } = await begun(portal);
    await answer(who, page, 'd');
    await portal.restart();
    expect(chosenOn(await who.open(at('/questions/1')))).toBe('d');
    const elsewhere = await begun(portal);
    expect(elsewhere.page.url.pathname).toBe('/questions/2');
    expect(chosenOn(await elsewhere.who.open(at('/questions/1')))).toBe('d');
  });

  test('a question may be passed over, and the confirmation names it', async () => {
    const { who, page } = await begun(portal);
    const second = await who.follow(await who.submit(page, /^\/questions\/1$/));
    expect(second.url.pathname).toBe('/questions/2');
    for (const { answer: right } of questions.slice(0, 28)) {
      await answer(who, second, right);
    }
    const confirm = await who.open(at('/finish'));
    expect(confirm.body).toContain('Без ответа осталось 29 вопросов');
    const links = confirm.html.querySelectorAll('.summary a').map((link) => link.getAttribute('href'));
    expect(links).toEqual(
      questions.map((_, index) => `/questions/${index + 1}`).filter((path) => path !== '/questions/2'),
    );
  });

  test('is one, however often and from how many tabs it is begun', async () => {
    const { who, page } = await signedIn(portal);
    const starts = await Promise.all(Array.from({ length: 8 }, () => who.submit(page, /^\/start$/)));
    expect(new Set(starts.map(({ headers }) => headers.get('location')))).toEqual(new Set(['/questions/1']));
    const confirm = await who.open(at('/finish'));
    await Promise.all([1, 2, 3].map(() => who.submit(confirm, /^\/finish$/)));
    const again = await who.follow(await who.submit(page, /^\/start$/));
    expect(again.url.pathname).toBe('/results/1');
    expect(noticeOn(again)).toContain('уже завершена');
    expect((await who.open(at('/results/2'))).status).toBe(404);
  });

  test('takes no answer once it is finished in another tab', async () => {
    const { who, page } = await begun(portal);
    const confirm = await who.open(at('/finish'));
    await who.submit(confirm, /^\/finish$/);
    const late = await who.follow(await answer(who, page, questions[0]!.answer));
    expect(late.url.pathname).toBe('/results/1');
    expect(noticeOn(late)).toContain('уже завершена');
    expect(late.body).toContain('0 из 30');
  });

  test('is nobody else’s', async () => {
    const { page } = await begun(portal);
    const attempt = page.html.querySelector('input[name=attempt]')!.getAttribute('value')!;
    portal.op.person = { ...somebody(), given_name: 'Артём' };
    const other = await begun(portal);
    const foreign = await answer(other.who, other.page, 'a', { attempt });
    expect(foreign.headers.get('location')).toBe('/');
    expect(chosenOn(await other.who.open(at('/questions/1')))).toBeUndefined();
    expect((await other.who.submit(await other.who.open(at('/finish')), /finish/, { attempt })).status).toBe(
      404,
    );
  });

  test.each(['e', '', 'aa'])('an option that does not exist (%j) is refused', async (option) => {
    const { who, page } = await begun(portal);
    expect((await answer(who, page, option)).status).toBe(400);
  });

  test.each(['/questions/0', '/questions/31', '/questions/one', '/questions/1.5'])(
    '%s is no page',
    async (path) => {
      const { who } = await begun(portal);
      expect((await who.open(at(path))).status).toBe(404);
    },
  );
});

describe('the time', () => {
  test('is the server’s: the page says until when', async () => {
    const { who } = await begun(portal);
    portal.later(17 * MINUTE + 30_000);
    expect((await who.open(at('/questions/3'))).body).toContain('Осталось 43 минуты');
  });

  test('an answer in the last second counts, one after the deadline does not', async () => {
    const { who, page } = await begun(portal);
    portal.later(60 * MINUTE - 2_000);
    const second = await who.follow(await answer(who, page, questions[0]!.answer));
    expect(second.url.pathname).toBe('/questions/2');
    portal.later(2_000);
    const late = await who.follow(await answer(who, second, questions[1]!.answer));
    expect(late.url.pathname).toBe('/results/1');
    expect(noticeOn(late)).toContain('Время истекло');
    expect(late.body).toContain('1 из 30');
  });

  test('an attempt nobody comes back to is closed with what was answered', async () => {
    const { who, page } = await begun(portal);
    await answerRightly(who, page, 3);
    portal.later(3 * 60 * MINUTE);
    await portal.restart();
    const regions = await fetch(at('/regions'));
    expect(await regions.text()).toContain('Приозерская республика');
    const back = await signedIn(portal);
    expect(back.page.body).toContain('3 из 30');
  });
});

describe('the result', () => {
  test.each([
    [30, 'Отлично'],
    [27, 'Отлично'],
    [26, 'Хорошо'],
    [21, 'Хорошо'],
    [20, 'Удовлетворительно'],
    [14, 'Спасибо за участие'],
  ])('%i right answers: %s', async (right, grade) => {
    const { page } = await finished(right);
    expect(heading(page)).toBe(grade);
    expect(page.body).toContain(`${right} из 30`);
  });

  test('explains every question', async () => {
    const { page } = await finished(2);
    expect(page.html.querySelectorAll('.marked li.is-right')).toHaveLength(2);
    expect(page.html.querySelectorAll('.marked li.is-wrong')).toHaveLength(28);
    for (const { explanation } of questions) expect(page.html.text).toContain(explanation);
  });

  test('keeps the right answers back until they may be shown', async () => {
    const from = new Date(Date.now() + 24 * 60 * MINUTE).toISOString();
    const secret = await openPortal('dictation', { environment: { ANSWERS_FROM: from } });
    const { page } = await finished(2, secret);
    expect(page.body).toContain('2 из 30');
    for (const { explanation } of questions) expect(page.html.text).not.toContain(explanation);
    secret.later(24 * 60 * MINUTE);
    const later = await signedIn(secret);
    const result = await later.who.open(`${secret.url}/results/1`);
    expect(result.html.text).toContain(questions[0]!.explanation);
    await secret.stop();
  });
});

describe('the certificate', () => {
  test('asks for the full name once, keeps it, and can be opened for ever after', async () => {
    const { who, page } = await finished(28);
    const before = portal.op.requests.length;
    const certificate = await who.follow(await who.submit(page, /^\/certificate$/));
    expect(certificate.url.pathname).toBe('/certificate');
    expect(portal.op.requests).toHaveLength(before + 1);
    expect(portal.op.requests.at(-1)?.get('scope')).toBe('openid certificate_name');
    expect(certificate.html.querySelector('.certificate-name')?.text).toBe('Иванова Мария Петровна');
    expect(certificate.body).toMatch(/№ ПД-\d{4}-\d{6}\b/);
    expect(certificate.body).toContain('Оценка: «отлично»');

    await portal.restart();
    const home = await who.open(portal.url);
    expect(home.html.querySelector('a[href="/certificate"]')?.text).toBe('Открыть сертификат');
    expect((await who.open(at('/certificate'))).body).toContain('Иванова Мария Петровна');
    expect(portal.op.requests).toHaveLength(before + 1);
  });

  test('has the full name nowhere before it is asked for', async () => {
    const { who } = await finished(28);
    for (const path of ['/', '/results/1', '/certificate']) {
      expect((await who.open(at(path))).body).not.toContain('Иванова');
    }
  });

  test('is not issued to whoever else is at the provider meanwhile', async () => {
    const { who, page } = await finished(28);
    const asking = await who.submit(page, /^\/certificate$/);
    await forgetProvider(who, portal);
    portal.op.person = { ...somebody(), name: 'Фёдоров-Ёлкин Артём Семёнович' };
    const other = await who.follow(asking);
    expect(other.status).toBe(403);
    expect(heading(other)).toBe('На едином входе – другой человек');
    expect((await who.open(at('/certificate'))).body).not.toContain('Артём');
  });

  test('is not issued when the person says no', async () => {
    const { who, page } = await finished(28);
    const asking = await who.submit(page, /^\/certificate$/);
    await forgetProvider(who, portal);
    portal.op.person = undefined;
    const home = await who.follow(asking);
    expect(home.url.pathname).toBe('/');
    expect(noticeOn(home)).toContain('Без имени и фамилии сертификат не оформить');
    expect(home.body).toContain('Получить сертификат');
  });

  test('without a name says what to do', async () => {
    const { name: _, ...nameless } = somebody();
    portal.op.person = nameless;
    const { who, page } = await finished(28);
    const answered = await who.follow(await who.submit(page, /^\/certificate$/));
    expect(noticeOn(answered)).toContain('не передал имя');
  });

  test('needs a finished attempt', async () => {
    const { who, page } = await signedIn(portal);
    const form = page.html.querySelector('input[name=form]')!.getAttribute('value')!;
    const body = new URLSearchParams({ form });
    const response = await who.request(at('/certificate'), { method: 'POST', body });
    expect(response.headers.get('location')).toBe('/');
  });
});

test('the table of regions counts, and names nobody', async () => {
  const ours = await openPortal('dictation');
  for (const [right, person] of [
    [28, { ...somebody(), region: 'Приозерская республика' }],
    [3, { ...somebody(), region: 'Камский край' }],
    [4, { ...somebody(), region: 'Приозерская республика' }],
  ] as const) {
    ours.op.person = person;
    await finished(right, ours);
  }
  const table = await (await fetch(`${ours.url}/regions`)).text();
  const cells = table
    .match(/<tbody>.*<\/tbody>/s)![0]
    .replace(/<[^>]+>/g, ' ')
    .split(/\s+/);
  expect(cells.filter(Boolean).join(' ')).toBe('Приозерская республика 2 1 Камский край 1 0');
  expect(table).not.toContain('Иванова');
  await ours.stop();
});

test('what was acknowledged survives kill -9 of the process', async () => {
  const ours = await openPortal('dictation', { withoutPortal: true });
  const first = await startProcess(ours);
  const { who, page } = await begun(ours);
  await answerRightly(who, page, 12);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');

  const second = await startProcess(ours);
  expect(chosenOn(await who.open(`${ours.url}/questions/12`))).toBe(questions[11]!.answer);
  const confirm = await who.open(`${ours.url}/finish`);
  expect(confirm.body).toContain('Без ответа осталось 18 вопросов');
  const result = await who.follow(await who.submit(confirm, /^\/finish$/));
  expect(result.body).toContain('12 из 30');
  second.child.kill('SIGTERM');
  expect(await once(second.child, 'exit')).toEqual([0, null]);
  expect(first.complaints() + second.complaints()).toBe('');
  await ours.stop();
});

test('a process with wrong settings ends with 78 and names every fault', async () => {
  const child = run({ ISSUER: 'http://id.example.test', PORT: 'many' });
  const complaints = collect(child);
  expect(await once(child, 'exit')).toEqual([78, null]);
  for (const name of [
    'ISSUER',
    'PUBLIC_URL',
    'PORT',
    'CLIENT_ID',
    'CLIENT_SECRET',
    'DATABASE_FILE',
    'SESSION_KEY',
  ]) {
    expect(complaints()).toContain(name);
  }
});

function run(environment: Record<string, string>) {
  const file = fileURLToPath(new URL('../../../clients/dictation/main.ts', import.meta.url));
  return spawn(process.execPath, [file], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

function collect(child: ReturnType<typeof run>): () => string {
  let text = '';
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return () => text;
}

async function startProcess({ environment, url }: OpenPortal) {
  const child = run(environment);
  const complaints = collect(child);
  const isAlive = () =>
    fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  await expect.poll(isAlive, { timeout: 10_000 }).toBe(true);
  return { child, complaints };
}
