import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { freePort } from '../support/services/free-port.ts';
import { useBrowser } from './support/browsing.ts';
import { type StockSample, startStockSample } from './support/stock-sample.ts';
import { expectHeading, fillIn } from './support/walks.ts';

const { browse } = useBrowser();
const { federation } = inject('playground');

let sample: StockSample;
beforeAll(async () => {
  sample = await startStockSample(await freePort());
  const registered = await fetch(`${federation.issuer}/reg`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${federation.initial_access_token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      client_name: 'oidc-client test',
      token_endpoint_auth_method: 'none',
      redirect_uris: [sample.url],
      post_logout_redirect_uris: [sample.url],
    }),
  });
  const { client_id } = (await registered.json()) as { client_id: string };
  sample.use(federation.issuer, client_id);
});
afterAll(() => sample.stop());

it('the sample of oidc-client-ts signs in and out, unchanged but for authority and client', async () => {
  const { page } = await browse();
  const output = page.locator('#out');
  await page.goto(sample.url);
  await page.getByRole('checkbox', { name: 'follow links' }).check();
  await page.getByRole('button', { name: 'signin', exact: true }).click();
  await expectHeading(page, 'Вход');
  await fillIn(page, { email: 'sofia@example.test' });
  await expectHeading(page, 'Доступ к Вашим данным');
  await page.getByRole('button', { name: 'Разрешить' }).click();

  await output.getByText('signin response').waitFor();
  const response = JSON.parse(
    ((await output.textContent()) ?? '').replace(/^signin response\s*/, ''),
  ) as Record<string, unknown>;
  expect(response).toMatchObject({
    access_token: expect.any(String),
    id_token: expect.any(String),
    token_type: 'Bearer',
    userState: { bar: 15 },
    profile: { sub: expect.any(String) },
  });
  expect(page.url()).toMatch(/sample\.html#.*iss=/);

  await page.getByRole('button', { name: 'signout', exact: true }).click();
  await expectHeading(page, /Выйти/);
  const state = new URL(page.url()).searchParams.get('state');
  await page.getByRole('button', { name: 'Выйти везде' }).click();
  await output.getByText('signout response').waitFor();
  expect(page.url()).toBe(`${sample.url}?state=${state}`);
});
