/**
 * What has no browser of its own, as a developer copies it: devices, where a person says yes on her own screen, tokens
 * are refreshed and given back; and a program in its own name.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stacks } from '../../../clients/developers/snippets/snippets.ts';
import { addressOf, gather } from '../../support/crowd.ts';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { runStack } from '../../support/stacks/workbench.ts';
import { testStores } from '../../support/stores.ts';
import { visitor } from '../../support/visitor.ts';

const SCOPE = 'openid profile';
const DEVICES = ['device-node', 'device-shell'];

let open: OpenHouse;
beforeAll(async () => {
  open = await openHouse(await testStores(), false);
  await gather(open.house.stores.database, open.house.hasher, DEVICES.length);
});
afterAll(() => open.close());

/** She follows the address that the device shows, signs in, compares the code and says yes. */
async function allow(address: URL, number: number): Promise<void> {
  const person = visitor();
  const confirm = await person.open(address);
  expect(confirm.html.querySelector('.user-code')?.text).toBe(address.searchParams.get('user_code'));
  let page = await person.follow(await person.submit(confirm, /\/device/, { confirm: 'yes' }));
  const fields = { by: 'email', identifier: addressOf(number), password: PASSWORD };
  page = await person.follow(await person.submit(page, /\/password$/, fields));
  page = await person.follow(await person.submit(page, /\/consent$/));
  expect(page.status, page.body).toBe(200);
}

it.concurrent('service-node: a program gets a token in its own name', async ({ expect }) => {
  const stack = stacks.find(({ id }) => id === 'service-node');
  expect(stack?.executed).toBe(true);
  if (!stack) return;
  const values = {
    issuer: open.issuer,
    client_id: stack.id,
    client_secret: 'a secret of a service, long enough',
  };
  await open.house.clients.save(
    {
      ...{ client_id: values.client_id, client_secret: values.client_secret },
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    },
    'test',
  );
  const { code, said } = await runStack(stack, values);
  expect(code, said.join('\n')).toBe(0);
  expect(JSON.parse(said.at(-1) ?? '')).toEqual({ status: 200, streams: [] });
});

describe.concurrent.each(DEVICES.map((id, at) => [id, at + 1] as const))('%s', (id, number) => {
  it('is let in by a person, refreshes and signs out', async ({ expect }) => {
    const stack = stacks.find((each) => each.id === id);
    expect(stack?.executed).toBe(true);
    if (!stack) return;
    await open.house.clients.save(
      {
        client_id: id,
        client_name: stack.title.ru,
        token_endpoint_auth_method: 'none',
        grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
        response_types: [],
        redirect_uris: [],
        scope: SCOPE,
      },
      'test',
    );
    const values = { issuer: open.issuer, client_id: id, scope: SCOPE };
    const { code, said } = await runStack(stack, values, async (line) => {
      if (line.startsWith(`${open.issuer}/device?`)) await allow(new URL(line), number);
    });
    expect(code, said.join('\n')).toBe(0);
    expect(JSON.parse(said.find((line) => line.startsWith('{')) ?? '')).toMatchObject({
      sub: expect.stringMatching(/./),
      name: `Прохожий Номер ${number}`,
    });
    expect(said.slice(-2)).toEqual(['refreshed', 'signed out']);
  });
});
