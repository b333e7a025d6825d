/** The search of an organisation by keyboard alone, as a screen reader follows it (ARIA 1.2, combobox with a listbox). */
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { useBrowser } from '../support/browsing.ts';
import { newcomer, playgroundOn, register } from '../support/joining.ts';
import { press } from '../support/walks.ts';

const { browse } = useBrowser();

const activeOption = async (page: Page, combobox: Locator): Promise<string> => {
  const id = await combobox.getAttribute('aria-activedescendant');
  return id === null ? '' : ((await page.locator(`#${id} .choice-name`).textContent()) ?? '');
};

it('is searched, walked through, left and chosen from with keys', async () => {
  const playground = playgroundOn('embedded');
  const { page, look } = await browse();
  await register(page, playground, newcomer(playground));
  await page.getByRole('button', { name: 'НЕТ' }).click();
  const combobox = page.getByRole('combobox', { name: 'Образовательная организация' });
  const status = page.locator('.finder [role="status"]');
  const isOpen = () => combobox.getAttribute('aria-expanded');

  await combobox.focus();
  await page.keyboard.type('сош 1', { delay: 20 });
  await page.getByRole('option').first().waitFor();
  expect(await status.textContent()).toBe('Найдено 2 организации');
  expect(await isOpen()).toBe('true');
  await page.keyboard.press('ArrowDown');
  expect(await activeOption(page, combobox)).toBe('МБОУ СОШ № 1');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  expect(await combobox.getAttribute('aria-activedescendant')).toBe('organisation-option-0');
  await page.keyboard.press('ArrowUp');
  expect(await combobox.getAttribute('aria-activedescendant')).toBe('organisation-option-1');
  await look('join-organisations');

  await page.keyboard.press('Escape');
  expect(await isOpen()).toBe('false');
  expect(await combobox.inputValue()).toBe('сош 1');

  // Nobody can be its member: it can be found, but not chosen.
  await combobox.fill('росток');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(await status.textContent()).toMatch(/нет первичной профсоюзной организации$/);
  expect(await page.locator('input[name="organisation"]').count()).toBe(0);

  await combobox.fill('нет такой');
  await expect.poll(() => status.textContent()).toMatch(/^Организация не найдена/);

  await combobox.fill('созвездие');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(await combobox.inputValue()).toBe('ОК «Созвездие»');
  expect(await page.locator('.suggestion-chosen').textContent()).toContain('ИНН 0059000064');
  expect(await page.locator('#units option').count()).toBeGreaterThan(1);
  expect(await isOpen()).toBe('false');

  // Chosen it stays, through an answer with faults, until somebody types.
  await press(page, page.getByRole('button', { name: 'Вступить в Профсоюз' }));
  expect(await page.locator('.summary').textContent()).not.toContain('организаци');
  expect(await combobox.inputValue()).toBe('ОК «Созвездие»');
  expect(await page.locator('input[name="organisation"]').count()).toBe(1);
  await combobox.press('End');
  await combobox.press('Backspace');
  expect(await page.locator('input[name="organisation"]').count()).toBe(0);
});
