/** SYS-15 and SYS-16: the portal of ЭПОС with its roles, and the subsystems behind it (D-01…D-16). */
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { configured, unionId } from '../e2e/cli/union-id.ts';
import { useBrowser } from './support/browsing.ts';
import {
  chooseRole,
  enterThroughEsia,
  enterThroughRsaa,
  epos,
  passEsia,
  shownDuring,
  subsystemsOn,
  wayIn,
  whoIsHere,
} from './support/epos.ts';
import { playgroundOn } from './support/joining.ts';
import { PASSWORD, SERVERS } from './support/sandbox.ts';
import { expectHeading, expectText, press } from './support/walks.ts';

const { browse } = useBrowser();

const IRINA = { phone: '+7 (900) 000-00-14', name: 'Орлова Ирина Сергеевна', email: 'orlova@example.test' };
const NIKITA = { snils: '900-100-109 99', name: 'Зайцев Никита Андреевич' };
const SCHOOL_8 = /Средняя общеобразовательная школа № 1» г\. Камска$/;
const SCHOOL_6 = 'Образовательный комплекс «Созвездие»';
/** SYS-16. */
const REFUSED_WITHIN_MS = 60_000;
/** What the region must never learn. */
const OF_THE_UNION = /член|Профсоюз|билет|99000000/i;

describe.each(SERVERS)('on %s stores', (stores) => {
  const playground = playgroundOn(stores);
  const { issuer } = playground.federation;

  describe('the portal of ЭПОС (SYS-15)', () => {
    it('«Вход» → «Вход для сотрудников»: both doors, registration, support and help per role', async () => {
      const { page, look } = await browse();
      await page.goto(epos(playground));
      await look('epos-start');
      await page.getByRole('banner').getByRole('link', { name: 'Вход' }).click();
      await expectHeading(page, 'Вход');
      await look('epos-enter');
      for (const guide of ['для сотрудников', 'для родителя', 'для обучающихся']) {
        await expect.poll(() => wayIn(page, guide).count()).toBe(1);
      }
      await press(page, wayIn(page, 'Вход для сотрудников'));
      await expectText(page, 'Вы входите в сервис Портал ЭПОС');
      await look('epos-sign-in');
      const main = page.getByRole('main');
      for (const way of ['Войти через РСАА', 'Войти через Госуслуги', 'Зарегистрироваться']) {
        expect(await main.getByRole('link', { name: way }).count(), way).toBe(1);
      }
      expect(await main.getByRole('link', { name: 'Написать в техподдержку' }).getAttribute('href')).toBe(
        epos(playground, '/support'),
      );
      // A password of the Union opens nothing here.
      expect(await page.getByLabel('Пароль', { exact: true }).count()).toBe(0);
    });

    it('a guide for each role, to be printed, and somebody to write to', async () => {
      const { page, look } = await browse();
      for (const role of ['staff', 'parent', 'learner']) {
        await page.goto(epos(playground, `/guides/${role}`));
        await expectHeading(page, /^Инструкция по входу/);
        await look(`epos-guide-${role}`);
        await page.emulateMedia({ media: 'print' });
        expect(await page.getByRole('listitem').first().isVisible()).toBe(true);
        for (const around of ['header', 'footer', 'nav', 'button']) {
          expect(await page.locator(around).first().isVisible(), around).toBe(false);
        }
        await page.emulateMedia({ media: null });
      }
      await page.goto(epos(playground, '/support'));
      await expectHeading(page, 'Написать в техподдержку');
      await look('epos-support');
    });

    it('two roles: the page of roles, the subsystems of the chosen one, and back for the other', async () => {
      const { page, look } = await browse();
      await enterThroughEsia(page, playground, IRINA.phone);
      await expectHeading(page, 'В какой роли войти');
      await look('epos-role');
      const roles = page.getByRole('main').getByRole('button');
      expect(await roles.allTextContents()).toEqual(['Сотрудник', 'Родитель', 'Отмена']);
      await chooseRole(page, 'Сотрудник');
      expect(await subsystemsOn(page)).toEqual(['ЭПОС.Школа']);
      expect(await whoIsHere(page)).toEqual([IRINA.name, 'Сотрудник', expect.stringMatching(SCHOOL_8)]);
      await look('epos-subsystems');

      await press(page, page.getByRole('link', { name: 'Сменить роль' }));
      await chooseRole(page, 'Родитель');
      expect(await subsystemsOn(page)).toEqual(['Дневник']);
      expect((await whoIsHere(page))[1]).toBe('Родитель');
    });

    it('three roles: three buttons', async () => {
      const { page } = await browse();
      await enterThroughEsia(page, playground, NIKITA.snils);
      await expectHeading(page, 'В какой роли войти');
      const roles = page.getByRole('main').getByRole('button');
      expect(await roles.allTextContents()).toEqual(['Сотрудник', 'Родитель', 'Обучающийся', 'Отмена']);
      await chooseRole(page, 'Обучающийся');
      expect(await subsystemsOn(page)).toEqual(['Дневник']);
    });

    it('an employee and nothing else, through РСАА: no page of roles', async () => {
      const { page } = await browse();
      await enterThroughRsaa(page, playground, 'lapteva_zf', 'lapteva@example.test');
      expect(await subsystemsOn(page)).toEqual(['ЭПОС.Школа']);
      expect((await whoIsHere(page)).slice(0, 2)).toEqual(['Лаптева Зоя Фёдоровна', 'Сотрудник']);
      expect(await page.getByRole('link', { name: 'Сменить роль' }).count()).toBe(0);
    });

    it('a session by password alone is asked for ESIA or РСАА, and is the same person after it', async () => {
      const { page, look } = await browse();
      await page.goto(`${issuer}/cabinet`);
      await page.getByRole('textbox', { name: 'E-mail' }).fill(IRINA.email);
      await page.getByLabel('Пароль', { exact: true }).fill(PASSWORD);
      await press(page, page.getByRole('button', { name: 'Войти', exact: true }));
      await page.goto(epos(playground, '/enter/staff'));
      await expectText(page, 'Для входа на этот портал нужен вход через Госуслуги или РСАА.');
      await look('epos-higher-level');
      await press(page, page.getByRole('link', { name: 'Войти через Госуслуги' }));
      await passEsia(page, IRINA.phone);
      await chooseRole(page, 'Сотрудник');
      expect((await whoIsHere(page))[0]).toBe(IRINA.name);
    });

    it('«Отмена» is no dead end', async () => {
      const { page, look } = await browse();
      await page.goto(epos(playground, '/enter/staff'));
      await press(page, page.getByRole('button', { name: 'Отмена' }));
      await expectHeading(page, 'Вход не состоялся');
      await look('epos-refused');
      await press(page, page.getByRole('link', { name: 'Войти ещё раз' }));
      await expectHeading(page, 'Вход');
    });

    it('works without JavaScript, on a phone', async () => {
      const { page } = await browse({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
      await page.goto(epos(playground));
      await press(page, page.getByRole('banner').getByRole('link', { name: 'Вход' }));
      await press(page, wayIn(page, 'Вход через ЕСИА'));
      await passEsia(page, IRINA.phone);
      await chooseRole(page, 'Сотрудник');
      await press(page, page.getByRole('link', { name: 'ЭПОС.Школа' }));
      expect(await whoIsHere(page)).toContain(IRINA.name);
      await press(page, page.getByRole('link', { name: 'Другие подсистемы' }));
      expect(await subsystemsOn(page)).toEqual(['ЭПОС.Школа']);
    });
  });

  describe('the subsystems of ЭПОС (SYS-16)', () => {
    it('open with one click and no second form, in the role and of the school; the Union stays outside', async () => {
      const { page, look } = await browse();
      await enterThroughEsia(page, playground, IRINA.phone);
      await chooseRole(page, 'Сотрудник');
      const shown = await shownDuring(page, async () => {
        await page.getByRole('link', { name: 'ЭПОС.Школа' }).click();
        await expectHeading(page, 'ЭПОС.Школа');
      });
      expect(shown).toEqual([page.url()]);
      expect(await whoIsHere(page)).toEqual([IRINA.name, 'Сотрудник', expect.stringMatching(SCHOOL_8)]);
      expect(await page.content()).not.toMatch(OF_THE_UNION);
      await look('epos-school');
    });

    it('one that is not permitted is refused by its address, with a way back, and nothing is granted', async () => {
      const { page, context, look } = await browse();
      const kontingent = playground.federation.portals['epos-kontingent']!;
      await enterThroughEsia(page, playground, IRINA.phone);
      await chooseRole(page, 'Сотрудник');
      await page.goto(kontingent);
      await expectHeading(page, 'Вход не состоялся');
      await look('epos-subsystem-refused');
      expect((await context.cookies(kontingent)).map(({ name }) => name)).not.toContain(
        'epos-kontingent_session',
      );
      await press(page, page.getByRole('link', { name: 'К списку подсистем' }));
      expect(await subsystemsOn(page)).toEqual(['ЭПОС.Школа']);
      // And once more in words, by the button.
      await page.goto(`${kontingent}/sign-in`);
      await expectHeading(page, 'Вход не открыт');
      await look('epos-not-permitted');
      await press(page, page.getByRole('button', { name: 'Вернуться на портал' }));
      await expectHeading(page, 'Вход не состоялся');
    });

    it('«Дневник» is a parent’s, «Контингент» an administrator’s', async () => {
      const { page, look } = await browse();
      await enterThroughEsia(page, playground, IRINA.phone);
      await chooseRole(page, 'Родитель');
      await press(page, page.getByRole('link', { name: 'Дневник' }));
      expect((await whoIsHere(page))[1]).toBe('Родитель');
      await look('epos-diary');

      const administrator = await browse();
      await enterThroughRsaa(administrator.page, playground, 'fomina_rk', 'fomina@example.test');
      expect(await subsystemsOn(administrator.page)).toEqual(['ЭПОС.Школа', 'Контингент']);
      await look('epos-subsystems-administrator', administrator.page);
      await press(administrator.page, administrator.page.getByRole('link', { name: 'Контингент' }));
      await expectHeading(administrator.page, 'Контингент');
      await look('epos-kontingent', administrator.page);
      expect(
        await administrator.page
          .getByRole('link', { name: 'Обращения о несовпадении данных' })
          .getAttribute('href'),
      ).toBe(`${issuer}/cases`);
    });

    it('signing out at the portal everywhere ends the subsystem, too', async () => {
      const { page, context } = await browse();
      await enterThroughEsia(page, playground, NIKITA.snils);
      await chooseRole(page, 'Сотрудник');
      expect((await whoIsHere(page))[2]).toBe(SCHOOL_6);
      const school = await context.newPage();
      await school.goto(
        await page.getByRole('link', { name: 'ЭПОС.Школа' }).getAttribute('href').then(String),
      );
      await expectHeading(school, 'ЭПОС.Школа');
      await press(page, page.getByRole('button', { name: 'Выйти' }));
      await press(page, page.getByRole('button', { name: 'Выйти везде' }));
      await expectHeading(page, 'ЭПОС');
      await expect
        .poll(
          async () => {
            await school.reload();
            return (await whoIsHere(school)).length;
          },
          { timeout: 30_000 },
        )
        .toBe(0);
    });
  });
});

/** As the operator of «Контингент» does it. */
async function role(act: 'add' | 'remove', ...whoseAndWhere: readonly [string, string, string]) {
  const operator = configured({ DATABASE_URL: inject('serversDatabase') });
  return unionId(operator, 'school', 'role', act, ...whoseAndWhere);
}

it('a role that is taken away opens nothing at the next hop, and what it had opened is closed', {
  timeout: 150_000,
}, async () => {
  const playground = playgroundOn('servers');
  const { page, context, look } = await browse();
  await enterThroughEsia(page, playground, NIKITA.snils);
  await chooseRole(page, 'Сотрудник');
  const school = await context.newPage();
  await school.goto(playground.federation.portals['epos-school']!);
  expect((await whoIsHere(school))[1]).toBe('Сотрудник');

  expect(await role('remove', 'K-14', 'staff', 'P-06')).toMatchObject({ code: 0 });
  onTestFinished(async () => {
    await role('add', 'K-14', 'staff', 'P-06');
  });
  const takenAt = performance.now();
  await press(page, page.getByRole('link', { name: 'ЭПОС.Школа' }));
  await expectHeading(page, 'Вход не открыт');
  expect(performance.now() - takenAt).toBeLessThan(REFUSED_WITHIN_MS);
  await look('epos-role-taken');
  await press(page, page.getByRole('button', { name: 'Вернуться на портал' }));
  await expectHeading(page, 'Вход не состоялся');

  // Relying parties are told by the queue, which looks for an operator's commands every minute.
  await expect
    .poll(
      async () => {
        await school.reload();
        return (await whoIsHere(school)).length;
      },
      { timeout: 2 * REFUSED_WITHIN_MS, interval: 500 },
    )
    .toBe(0);
  // Signed in she still is: only the role is to be chosen anew.
  await page.goto(epos(playground, '/enter'));
  await press(page, wayIn(page, 'Вход для сотрудников'));
  await expectHeading(page, 'В какой роли войти');
  const left = page.getByRole('main').getByRole('button');
  expect(await left.allTextContents()).toEqual(['Родитель', 'Обучающийся', 'Отмена']);
});
