/** A role that ends in «Контингент»: refused at the next hop, grants ended, relying parties told (SYS-16). */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as client from 'openid-client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Federation, openFederation } from '../../support/esia/federation.ts';
import { openRegion, type Region } from '../../support/esia/region.ts';
import { through } from '../../support/esia/through.ts';
import { visitor } from '../../support/visitor.ts';

const PROMISED_MS = 60_000;

let scene: Federation;
let region: Region;
let listener: Server;
const told: string[] = [];
beforeAll(async () => {
  listener = createServer(async (request, response) => {
    told.push(await text(request));
    response.end();
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  scene = await openFederation();
  region = await openRegion(scene, `http://127.0.0.1:${(listener.address() as AddressInfo).port}/out`);
});
afterAll(async () => {
  await scene.close();
  listener.close();
});

async function workerAtSchool(login: string) {
  const person = visitor();
  const school = region.parties['epos-school'];
  const { started, page } = await through(scene, person, school, 'rsaa', login);
  return { person, school, tokens: await school.finish(page.url, started) };
}

it('opens nothing from that moment, in no token and no new request', {
  timeout: PROMISED_MS + 30_000,
}, async () => {
  const { person, school, tokens } = await workerAtSchool('lapteva_zf');
  const began = performance.now();
  // As a command in another process does it: beside the queue.
  const { id } = await region.recordOf('M-12');
  expect(await region.schools.removeRole(id, 'staff', 'P-08')).toBe(true);

  await expect(
    client.fetchUserInfo(school.config, tokens.access_token, client.skipSubjectCheck),
  ).rejects.toThrow();
  await expect(client.refreshTokenGrant(school.config, tokens.refresh_token ?? '')).rejects.toMatchObject({
    error: 'invalid_grant',
  });
  const again = await school.start();
  const page = await person.follow(await person.request(again.url), school.isCallback);
  expect(page.html.querySelector('main')?.structuredText).toContain('Ни одна из Ваших ролей');
  const refusedAfter = performance.now() - began;
  expect(refusedAfter).toBeLessThan(PROMISED_MS);
  console.log(`a role taken away is refused after ${refusedAfter.toFixed(0)} ms`);

  await scene.open.house.stores.jobs.add('school-exits', {});
  await vi.waitFor(() => expect(told).toHaveLength(1), { timeout: 20_000 });
  expect(told[0]).toMatch(/^logout_token=/);
  await vi.waitFor(async () => expect(await region.schools.exits()).toEqual([]), { timeout: 20_000 });

  // What she has again she enters with again, in the same session.
  await region.schools.addRole(id, 'staff', 'P-08');
  await expect(client.refreshTokenGrant(school.config, tokens.refresh_token ?? '')).rejects.toMatchObject({
    error: 'invalid_grant',
  });
  const back = await school.start();
  const arrived = await person.follow(await person.request(back.url), school.isCallback);
  expect((await school.finish(arrived.url, back)).claims()?.edu_role).toBe('staff');
});
