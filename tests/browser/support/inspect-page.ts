/** What every page must be, whoever it belongs to: accessible, light, and without sideways scrolling on a phone. */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** `SCREENSHOTS=on`: for eyes; half of what looking at a page costs, so not for a run that nobody watches. */
const PICTURES_WANTED = process.env.SCREENSHOTS === 'on';
const SCREENSHOTS = fileURLToPath(new URL('../screenshots/', import.meta.url));
const LARGEST_PAGE_BYTES = 100 * 1024;
const DESKTOP = 1280;
const PHONE = 360;
/** 320 CSS pixels are 1280 at 400 % (WCAG 1.4.10), 640 are 1280 at 200 %, 180 are a phone at 200 %. */
const NARROW = [320, PHONE, DESKTOP / 2, PHONE / 2];

/** Leaves the page as wide as it was. Pictures, where wanted: <name>-1280.png and <name>-360.png. */
export async function inspect(page: Page, name: string): Promise<void> {
  const before = page.viewportSize()!;
  const atWidth = (width: number) => page.setViewportSize({ width, height: 800 });
  const picture = async (width: number) => {
    if (!PICTURES_WANTED) return;
    await mkdir(SCREENSHOTS, { recursive: true });
    const path = `${SCREENSHOTS}${name}-${width}.png`;
    await page.screenshot({ path, fullPage: true, animations: 'disabled' });
  };

  await atWidth(DESKTOP);
  expect.soft(await weightOf(page), `bytes of ${name}`).toBeLessThan(LARGEST_PAGE_BYTES);
  expect.soft(await violationsOn(page), `accessibility of ${name}`).toEqual([]);
  await picture(DESKTOP);
  expect.soft(await withTextOf(page, '200%', () => sidewaysOn(page)), `${name}, text of 200 %`).toBe(0);
  for (const width of NARROW) {
    await atWidth(width);
    expect.soft(await sidewaysOn(page), `sideways pixels of ${name} at ${width}`).toBe(0);
    if (width === PHONE) await picture(PHONE);
  }
  await page.setViewportSize(before);
}

/** The page and all it consists of, whether it came from the cache or not. */
function weightOf(page: Page): Promise<number> {
  return page.evaluate<number>(
    `['navigation', 'resource']
      .flatMap((type) => performance.getEntriesByType(type))
      .reduce((sum, part) => sum + part.encodedBodySize, 0)`,
  );
}

async function violationsOn(page: Page): Promise<string[]> {
  // Our pages have no frames, which is all that the other mode is for.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

function sidewaysOn(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

async function withTextOf<T>(page: Page, size: string, look: () => Promise<T>): Promise<T> {
  const set = (value: string) => page.evaluate(`document.documentElement.style.fontSize = '${value}'`);
  await set(size);
  const seen = await look();
  await set('');
  return seen;
}
