import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { useBrowser } from './support/browsing.ts';
import { type IntegratorSite, startIntegratorSite } from './support/integrator-site.ts';
import { cabinet, expectHeading, expectText, fillIn } from './support/walks.ts';

const { browse } = useBrowser();
const { federation, integrator } = inject('playground');

let site: IntegratorSite;
beforeAll(async () => {
  site = await startIntegratorSite(federation.issuer, integrator);
});
afterAll(() => site.stop());

describe('a site that does not belong to the Union', () => {
  it('asks for consent once, gets what was consented to, and is disconnected in the cabinet', async () => {
    const { page, look } = await browse();
    await page.goto(site.url);
    await expectHeading(page, 'Вход');
    await expectText(page, `Вы входите в сервис ${integrator.client_name}`);
    await fillIn(page, { email: 'kuznetsov@example.test' });
    await expectHeading(page, 'Доступ к Вашим данным');
    await expectText(page, 'Этот портал не принадлежит Профсоюзу.');
    await look('consent');
    await page.getByRole('button', { name: 'Отказать' }).click();
    await expectText(page, 'access_denied');

    await page.goto(site.url);
    await expectHeading(page, 'Доступ к Вашим данным');
    await page.getByRole('button', { name: 'Разрешить' }).click();
    await expectText(page, 'kuznetsov@example.test');
    const claims = JSON.parse((await page.locator('pre').textContent()) ?? '') as Record<string, unknown>;
    expect(claims).toMatchObject({ name: 'Кузнецов Иван Иванович', email: 'kuznetsov@example.test' });
    expect(Object.keys(claims)).not.toContain('ticket_number');
    expect(Object.keys(claims)).not.toContain('birthdate');

    await page.goto(site.url);
    await expectText(page, 'kuznetsov@example.test');
    await page.goto(cabinet('/portals'));
    await look('cabinet-portals-third-party');
    await page.getByRole('button', { name: 'Отключить портал «Клуб знатоков „Сова“»' }).click();
    await page.goto(site.url);
    await expectHeading(page, 'Доступ к Вашим данным');
  });
});
