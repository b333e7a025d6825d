/** Taking a portal's quiz in the browser, with the answers its authors hold right or with others. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { type Portal, press } from './walks.ts';

type Question = { readonly text: string; readonly options: Record<string, string>; readonly answer: string };

export async function questionsOf(portal: Portal): Promise<readonly Question[]> {
  const file = new URL(`../../../clients/${portal}/questions.json`, import.meta.url);
  return (JSON.parse(await readFile(file, 'utf8')) as { questions: Question[] }).questions;
}

/** Chooses an answer of the question that is shown, and goes on. */
export async function answer(page: Page, question: Question, right: boolean): Promise<void> {
  await choose(page, question, right);
  await press(page, page.getByRole('button', { name: /^Ответить и/ }));
}

export async function choose(
  page: Page,
  { options, answer: key }: Question,
  right: boolean,
): Promise<string> {
  const wanted = Object.keys(options).find((option) => (option === key) === right);
  const text = options[wanted ?? key] ?? '';
  await page.getByRole('radio', { name: text, exact: true }).check();
  return text;
}
