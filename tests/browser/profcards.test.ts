/** SYS-08 and SYS-09: the bonus programme's site, which lives on a consent, and its application for the telephone. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useBrowser } from './support/browsing.ts';
import { playgroundOn } from './support/joining.ts';
import { codeIn, mailboxOf } from './support/letters.ts';
import { SERVERS } from './support/sandbox.ts';
import { expectHeading, expectText, fillIn, press } from './support/walks.ts';

const { browse } = useBrowser();

const DOCUMENT = 'Согласие на передачу персональных данных ООО «ФИНФОРТ»';
const toSite = async (page: Page, site: string, email: string): Promise<void> => {
  await page.goto(site);
  await page.getByRole('link', { name: 'Войти' }).click();
  await fillIn(page, { email });
};
const refresh = (page: Page) => press(page, page.getByRole('button', { name: 'Обновить' }));

describe.each(SERVERS)('on %s stores', (stores) => {
  const { federation } = playgroundOn(stores);
  const { profcards: site = '', profcards_app: app = '' } = federation.portals;

  it('SYS-09: signed in at the account, M-01 sees her card without a form', async () => {
    const { page, look } = await browse();
    await page.goto(`${federation.issuer}/cabinet`);
    await fillIn(page, { email: 'ivanova@example.test' });
    await page.getByRole('navigation', { name: 'Разделы кабинета' }).waitFor();
    const pages: string[] = [];
    page.on('framenavigated', (frame) => pages.push(frame.url()));
    await page.goto(site);
    await expectHeading(page, 'Здравствуйте, Иванова Мария Петровна!');
    await expectText(page, '•••• 0011');
    expect(pages.filter((url) => url.includes('/interaction/'))).toEqual([]);
    expect(await page.locator('main').textContent()).not.toContain('9900');
    await look('profcards-card');
    await press(page, page.getByRole('button', { name: 'Выйти' }));
    await press(
      page,
      page
        .getByRole('button')
        .filter({ hasText: /портал|PROFCARDS/ })
        .first(),
    );
    await page.goto(site);
    await expectHeading(page, 'PROFCARDS');
  });

  it('SYS-09: the document by itself, «Не сейчас», why the number is missing, and signed after all', async () => {
    const email = 'shcherbakova@example.test';
    const { page, look } = await browse();
    await toSite(page, site, email);
    await expectHeading(page, 'Согласие перед входом');
    await expectText(page, DOCUMENT);
    expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0);
    await look('document-before-entry');
    await press(page, page.getByRole('button', { name: 'Не сейчас' }));
    await expectHeading(page, 'Здравствуйте, Щербакова Юлия Игоревна!');
    await expectText(page, 'Номер билета не передан');
    expect(await page.locator('main').textContent()).not.toMatch(/0185|shcherbakova@/);
    await look('profcards-without-number');
    await page.goto(`${site}/sign-in`);
    await expectHeading(page, 'Здравствуйте, Щербакова Юлия Игоревна!');

    await page.getByRole('link', { name: 'Подписать согласие' }).click();
    await expectHeading(page, 'Согласие перед входом');
    await press(page, page.getByRole('button', { name: 'Подписать', exact: true }));
    await expectText(page, 'отметьте, что принимаете');
    await look('document-before-entry-refused');
    await page.getByRole('checkbox', { name: 'Я принимаю условия' }).check();
    await press(page, page.getByRole('button', { name: 'Подписать', exact: true }));
    await expectText(page, 'Код подтверждения был направлен Вам на адрес электронной почты.');
    await look('document-before-entry-code');
    const letter = await mailboxOf(playgroundOn(stores), email).take('ЛК ОПО. Код подтверждения заявки.');
    await page.getByRole('textbox', { name: 'Код подтверждения' }).fill(codeIn(letter));
    await press(page, page.getByRole('button', { name: 'Подписать', exact: true }));
    await expectText(page, '•••• 0185');
    await expectText(page, email);
  });

  it('SYS-09: M-21 is refused, with a way to her primary organisation; the gateway session stays', async () => {
    const { page, look } = await browse();
    await toSite(page, site, 'gromov@example.test');
    await expectText(page, /членств/i);
    expect(await page.locator('.contact-name').count()).toBe(1);
    await press(page, page.getByRole('button', { name: /Вернуться/ }));
    await expectHeading(page, 'Вы не вошли');
    await look('profcards-refused');
    await page.goto(`${federation.issuer}/cabinet`);
    await page.getByRole('navigation', { name: 'Разделы кабинета' }).waitFor();
  });

  it('SYS-08: the application gets number and name, refreshes them, and asks to sign in when it is cut off', async () => {
    const { page, look } = await browse();
    await page.goto(app);
    await look('profcards-app');
    await page.getByRole('link', { name: 'Войти' }).click();
    await expectHeading(page, 'Вход');
    await fillIn(page, { email: 'ivanova@example.test' });
    await expectHeading(page, 'Моя карта');
    await expectText(page, '•••• 0011');
    await expectText(page, 'Иванова Мария Петровна');
    await look('profcards-app-card');
    await refresh(page);
    await expectText(page, 'Данные карты обновлены.');

    // Nothing is answered to a native application without a page.
    const second = await page.context().newPage();
    await second.goto(`${app}/sign-in`);
    await expectHeading(second, 'Вход в приложение');
    await look('profcards-app-confirm', second);
    await press(second, second.getByRole('button', { name: 'Разрешить' }));
    await expectHeading(second, 'Моя карта');

    await page.goto(`${federation.issuer}/cabinet/portals`);
    await press(page, page.getByRole('button', { name: 'Отключить портал «PROFCARDS для телефона»' }));
    await page.goto(app);
    await refresh(page);
    await expectText(page, 'Вход на этом устройстве закончился.');
    await look('profcards-app-cut-off');
  });
});
