/** Ways that many walks begin with, told as a person would: by what she reads on the page. */
import { decodeJwt, type JWTPayload } from 'jose';
import type { Locator, Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { PASSWORD } from './sandbox.ts';

export type Door = {
  /** As it is typed. */
  readonly email?: string;
  readonly ticket?: string;
  readonly password?: string;
};

export type Portal = 'dictation' | 'compass';

const ENTRANCE: Record<Portal, string> = {
  dictation: 'Принять участие',
  compass: 'Войти и начать',
};

export const addressOf = (portal: Portal): string => {
  const address = inject('playground').federation.portals[portal];
  if (address === undefined) throw new Error(`the sandbox has no ${portal}`);
  return address;
};

export const cabinet = (room = ''): string => `${inject('playground').federation.issuer}/cabinet${room}`;

/** From the portal's start page to the gateway's «Вход». */
export async function toSignIn(page: Page, portal: Portal = 'dictation'): Promise<void> {
  await page.goto(addressOf(portal));
  await page.getByRole('link', { name: ENTRANCE[portal] }).click();
  await expectHeading(page, 'Вход');
}

/** Types into the page «Вход», changing the tab when a ticket is given, and presses «Войти». */
export async function fillIn(page: Page, { email, ticket, password = PASSWORD }: Door): Promise<void> {
  if (ticket === undefined) {
    await page.getByRole('textbox', { name: 'E-mail' }).fill(email ?? '');
  } else {
    await page.getByRole('link', { name: 'По номеру ЭПБ' }).click();
    await page.getByRole('textbox', { name: 'Номер электронного' }).pressSequentially(ticket);
  }
  await page.getByLabel('Пароль', { exact: true }).fill(password);
  await press(page, page.getByRole('button', { name: 'Войти', exact: true }));
}

/** Presses a button and waits for the page it leads to, which may look like this one. */
export async function press(page: Page, button: Locator): Promise<void> {
  await Promise.all([page.waitForEvent('domcontentloaded'), button.click()]);
}

export async function enterPortal(page: Page, door: Door, portal?: Portal): Promise<void> {
  await toSignIn(page, portal);
  await fillIn(page, door);
  await expectHeading(page, /^Здравствуйте/);
}

/** The ID token that a portal got, as the browser carries it when the person begins to sign out there. */
export async function idTokenAt(page: Page, portal: Portal): Promise<JWTPayload> {
  await page.goto(addressOf(portal));
  const leaving = page.waitForRequest((request) => new URL(request.url()).searchParams.has('id_token_hint'));
  await page.getByRole('button', { name: 'Выйти' }).click();
  return decodeJwt(new URL((await leaving).url()).searchParams.get('id_token_hint') ?? '');
}

/** The cabinet, for those who come without a portal. */
export async function enterCabinet(page: Page, door: Door, room?: string): Promise<void> {
  await page.goto(cabinet(room));
  await fillIn(page, door);
  await page.getByRole('navigation', { name: 'Разделы кабинета' }).waitFor();
}

/** What the page is about; says what it found instead. */
export async function expectHeading(page: Page, heading: string | RegExp): Promise<void> {
  const matching = page.getByRole('heading', { level: 1, name: heading, exact: true });
  await matching.waitFor().catch(async () => {
    const found = await page.locator('h1').allTextContents();
    expect(`${page.url()}: ${found.join()}`).toBe(heading);
  });
}

/** Until what happens elsewhere has come through. */
export async function expectAfterReload(page: Page, text: string | RegExp): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.reload();
        return page.locator('main').textContent();
      },
      { timeout: 20_000, interval: 500 },
    )
    .toMatch(text);
}

export async function expectText(page: Page, text: string | RegExp): Promise<void> {
  const place = page.getByText(text).first();
  await place.waitFor().catch(async () => {
    expect(await page.locator('main').textContent(), page.url()).toMatch(text);
  });
}
