/** A device without a keyboard, as a developer copies it: a person says yes on her own screen, tokens are refreshed and given back. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stacks } from '../../../clients/developers/snippets/snippets.ts';
import { addressOf, gather } from '../../support/crowd.ts';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { DEBIAN_PATH } from '../../support/stacks/tools.ts';
import { layOut } from '../../support/stacks/workbench.ts';
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
    const directory = await layOut(stack, { issuer: open.issuer, client_id: id, scope: SCOPE });
    const device = spawn('/bin/sh', ['-c', `exec ${stack.run}`], {
      cwd: directory,
      env: { PATH: `${dirname(process.execPath)}:${DEBIAN_PATH}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(device, 'exit');
    const said: string[] = [];
    device.stderr.on('data', (text) => said.push(String(text)));
    for await (const line of createInterface(device.stdout)) {
      said.push(line);
      if (line.startsWith(`${open.issuer}/device?`)) await allow(new URL(line), number);
    }
    expect((await ended)[0], said.join('\n')).toBe(0);
    expect(JSON.parse(said.find((line) => line.startsWith('{')) ?? '')).toMatchObject({
      sub: expect.stringMatching(/./),
      name: `Прохожий Номер ${number}`,
    });
    expect(said.slice(-2)).toEqual(['refreshed', 'signed out']);
    await rm(directory, { recursive: true });
  });
});
