/** Ways through the portal of ЭПОС, told as a person would, on whichever stores the sandbox stands. */
import type { Page } from 'playwright-core';
import { PASSWORD, type Playground } from './sandbox.ts';
import { expectHeading, press } from './walks.ts';

/** Address of the portal, with a path of it. */
export const epos = ({ federation }: Playground, path = '/'): string => `${federation.portals.epos}${path}`;

/** The ways in are buttons of the page and lines of the menu beside it. */
export const wayIn = (page: Page, name: string) =>
  page.getByRole('main').getByRole('link', { name, exact: true }).first();

/** On ESIA's page: by phone, e-mail or SNILS; agrees where it asks to. */
export async function passEsia(page: Page, login: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Телефон / Email / СНИЛС' }).fill(login);
  await page.getByRole('textbox', { name: 'Пароль' }).fill(PASSWORD);
  await press(page, page.getByRole('button', { name: 'Войти', exact: true }));
  const agree = page.getByRole('button', { name: 'Предоставить' });
  if ((await agree.count()) > 0) await press(page, agree);
}

/** On РСАА's page. */
export async function passRsaa(page: Page, login: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Логин' }).fill(login);
  await page.getByRole('textbox', { name: 'Пароль' }).fill(PASSWORD);
  await press(page, page.getByRole('button', { name: 'Войти', exact: true }));
}

/** The page «Остался один шаг»: the cabinet is hers, too. */
export async function proveCabinet(page: Page, email: string): Promise<void> {
  await expectHeading(page, 'Остался один шаг');
  await page.getByRole('textbox', { name: 'E-mail' }).fill(email);
  await page.getByLabel('Пароль', { exact: true }).fill(PASSWORD);
  await press(page, page.getByRole('button', { name: 'Связать и войти' }));
}

/** «Вход» → «Вход через ЕСИА», up to where that leads. */
export async function enterThroughEsia(page: Page, playground: Playground, login: string): Promise<void> {
  await page.goto(epos(playground, '/enter'));
  await press(page, wayIn(page, 'Вход через ЕСИА'));
  await passEsia(page, login);
}

/** «Вход» → «Вход для сотрудников» → «Войти через РСАА»; the first time with a proof of the cabinet. */
export async function enterThroughRsaa(
  page: Page,
  playground: Playground,
  login: string,
  email: string,
): Promise<void> {
  await page.goto(epos(playground, '/enter'));
  await press(page, wayIn(page, 'Вход для сотрудников'));
  await press(page, page.getByRole('link', { name: 'Войти через РСАА' }));
  await passRsaa(page, login);
  if (page.url().endsWith('/link')) await proveCabinet(page, email);
}

export async function chooseRole(page: Page, role: string): Promise<void> {
  await expectHeading(page, 'В какой роли войти');
  await press(page, page.getByRole('button', { name: role, exact: true }));
  await expectHeading(page, 'Подсистемы');
}

/** Names of the buttons on the page of subsystems. */
export async function subsystemsOn(page: Page): Promise<readonly string[]> {
  await expectHeading(page, 'Подсистемы');
  return page.locator('ul.subsystems a').allTextContents();
}

/** What a page of ЭПОС says about who is signed in: ФИО, role, school. */
export function whoIsHere(page: Page): Promise<readonly string[]> {
  return page.locator('dl.who dd').allTextContents();
}

/** Addresses of the pages that were shown while `act` went on. */
export async function shownDuring(page: Page, act: () => Promise<unknown>): Promise<readonly string[]> {
  const shown: string[] = [];
  const note = (frame: { url(): string }) => shown.push(frame.url());
  page.on('framenavigated', note);
  await act();
  page.off('framenavigated', note);
  return shown;
}
