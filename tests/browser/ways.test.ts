/** «Способы входа»: one removed, told by letter, closed from then on, and added again; «История входов» beside it. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useBrowser } from './support/browsing.ts';
import { passEsia } from './support/epos.ts';
import { playgroundOn } from './support/joining.ts';
import { mailboxOf } from './support/letters.ts';
import { PASSWORD, SERVERS } from './support/sandbox.ts';
import { expectHeading, expectText, fillIn, press } from './support/walks.ts';

const { browse } = useBrowser();

const VERA = { name: 'Полякова Вера Кирилловна', email: 'polyakova@example.test' };

const typePassword = (page: Page): Promise<void> => page.getByLabel('Пароль', { exact: true }).fill(PASSWORD);

describe.each(SERVERS)('on %s stores', (stores) => {
  it('a way is removed, and added again with a proof of both sides', async () => {
    const playground = playgroundOn(stores);
    const { issuer } = playground.federation;
    const mailbox = mailboxOf(playground, VERA.email);
    const { page, look } = await browse();
    await page.goto(`${issuer}/cabinet/ways`);
    await fillIn(page, { email: VERA.email });
    await expectHeading(page, 'Способы входа');
    await look('ways');

    await press(page, page.getByRole('link', { name: 'Убрать вход через Госуслуги' }));
    await press(page, page.getByRole('button', { name: 'Убрать' }));
    await expectText(page, 'Введите пароль');
    await look('way-remove-faults');
    await typePassword(page);
    await press(page, page.getByRole('button', { name: 'Убрать' }));
    await expectText(page, 'Способ входа убран');
    await mailbox.take('ЛК ОПО. Удалён способ входа.');

    // Closed is closed: Gosuslugi alone brings nobody in any more.
    const other = await browse();
    await other.page.goto(`${issuer}/cabinet`);
    await press(other.page, other.page.getByRole('link', { name: 'Войти через Госуслуги' }));
    await passEsia(other.page, VERA.email);
    await expectHeading(other.page, 'Остался один шаг');

    await press(page, page.getByRole('link', { name: 'Добавить вход через Госуслуги' }));
    await look('way-add');
    await typePassword(page);
    await press(page, page.getByRole('button', { name: 'Продолжить' }));
    await look('way-proved');
    await press(page, page.getByRole('link', { name: 'Перейти: Госуслуги' }));
    await passEsia(page, VERA.email);
    await expectText(page, 'Способ входа добавлен');
    await mailbox.take('ЛК ОПО. Добавлен способ входа.');

    const again = await browse();
    await again.page.goto(`${issuer}/cabinet/sign-ins`);
    await press(again.page, again.page.getByRole('link', { name: 'Войти через Госуслуги' }));
    await passEsia(again.page, VERA.email);
    await expectHeading(again.page, 'История входов');
    expect(await again.page.getByRole('main').textContent()).toContain('Госуслуги');
    await again.look('sign-ins');
  });
});
