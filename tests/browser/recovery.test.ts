/** SYS-01, «Забыли пароль?»: from both tabs through the letter to a new password, and nothing of the old one is left. */
import { describe, expect, it } from 'vitest';
import { useBrowser } from './support/browsing.ts';
import { NEW_PASSWORD, playgroundOn } from './support/joining.ts';
import { linkIn, mailboxOf } from './support/letters.ts';
import { STORES } from './support/sandbox.ts';
import { expectHeading, expectText, fillIn, press } from './support/walks.ts';

const { browse } = useBrowser();

const ZHUKOV = { email: 'zhukov@example.test', ticket: '9900 0000 0000 0201' };
const NAME = 'Жуков Яков Ильич';

describe.each(STORES)('on %s stores', (stores) => {
  it('a forgotten password is replaced on the way to a portal, and the old one opens nothing', async () => {
    const { federation } = playgroundOn(stores);
    const mailbox = mailboxOf({ federation }, ZHUKOV.email);
    const cabinet = `${federation.issuer}/cabinet`;
    const older = await browse();
    await older.page.goto(cabinet);
    await fillIn(older.page, { email: ZHUKOV.email });
    await expectHeading(older.page, NAME);

    const { page, look } = await browse();
    await page.goto(federation.portals.dictation ?? '');
    await page.getByRole('link', { name: 'Принять участие' }).click();
    await expectHeading(page, 'Вход');
    const forgotten = page.getByRole('link', { name: 'Забыли пароль?' });
    await forgotten.waitFor();
    await press(page, page.getByRole('link', { name: 'По номеру ЭПБ' }));
    await press(page, forgotten);
    await expectHeading(page, 'Восстановление пароля');
    await look('recovery-ask');
    await page.getByRole('textbox', { name: 'E-mail' }).fill(ZHUKOV.email);
    await press(page, page.getByRole('button', { name: 'Отправить' }));
    await expectText(page, 'Если такой адрес есть в системе, мы отправили на него ссылку');
    await look('recovery-sent');

    const letter = await mailbox.take('ЛК ОПО. Восстановление пароля.');
    expect(letter.from.map(({ address }) => address)).toEqual(['confirmation@eseur.ru']);
    const link = linkIn(letter, /^\/recovery\//);
    expect(new URL(link).origin).toBe(federation.issuer);
    for (const method of ['GET', 'HEAD', 'GET']) expect((await fetch(link, { method })).status).toBe(200);

    await page.goto(link);
    await expectHeading(page, 'Новый пароль');
    await look('recovery-new-password');
    const save = async (fresh: string, repeated = fresh) => {
      await page.getByLabel('Новый пароль', { exact: true }).fill(fresh);
      await page.getByLabel('Новый пароль ещё раз', { exact: true }).fill(repeated);
      await press(page, page.getByRole('button', { name: 'Сохранить' }));
    };
    await save(NEW_PASSWORD, `${NEW_PASSWORD}!`);
    await expectText(page, 'Пароли не совпали');
    await look('recovery-new-password-faults');
    await save(NEW_PASSWORD);

    await expectHeading(page, 'Вход');
    await expectText(page, 'Пароль изменён. Войдите с новым паролем');
    await expectText(page, 'Вы входите в сервис Профсоюзный диктант');
    await look('sign-in-password-changed');
    await fillIn(page, { email: ZHUKOV.email });
    await expectText(page, 'Неверный E-mail или пароль');
    await fillIn(page, { email: ZHUKOV.email, password: NEW_PASSWORD });
    await expectHeading(page, 'Здравствуйте, Яков Ильич!');
    await older.page.reload();
    await expectHeading(older.page, 'Вход');
    await fillIn(older.page, { ticket: ZHUKOV.ticket, password: NEW_PASSWORD });
    await expectHeading(older.page, NAME);

    await page.goto(link);
    await expectHeading(page, 'Ссылка больше не действует');
    await look('recovery-gone');
    await press(page, page.getByRole('link', { name: 'Получить новую ссылку' }));
    await expectHeading(page, 'Восстановление пароля');
  });
});
