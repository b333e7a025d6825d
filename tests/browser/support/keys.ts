/** Going through a page by keyboard alone. Wherever the focus stands on the way, it can be seen (WCAG 2.4.7). */
import type { Page } from 'playwright-core';

const TABS_AT_MOST = 15;
const THINNEST_OUTLINE = 2;

/** What has the focus: its label or its own text, and how thick the line around it is. */
const FOCUSED = `(() => {
  const element = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return {
    name: (element.labels?.[0] ?? element).textContent.trim(),
    outline: outlineStyle === 'none' ? 0 : parseFloat(outlineWidth),
    isPage: element === document.body,
  };
})()`;
type Focused = { readonly name: string; readonly outline: number; readonly isPage: boolean };

/** Presses Tab until the focus stands on what is named so. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  // Before its style sheet is there, a page has no outline of ours.
  await page.waitForLoadState('load');
  for (let tab = 0; tab < TABS_AT_MOST; tab += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate<Focused>(FOCUSED);
    if (!focused.isPage && focused.outline < THINNEST_OUTLINE) {
      throw new Error(`the focus on «${focused.name}» cannot be seen`);
    }
    if (focused.name === name) return;
    passed.push(focused.name);
  }
  throw new Error(`no «${name}» among ${passed.join(', ')}`);
}

export async function typeInto(page: Page, name: string, text: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.type(text);
}

/** Goes to the button or link, presses Enter and waits for the page it leads to. */
export async function enter(page: Page, name: string): Promise<void> {
  await tabTo(page, name);
  const shown = page.waitForEvent('domcontentloaded');
  await page.keyboard.press('Enter');
  await shown;
}
