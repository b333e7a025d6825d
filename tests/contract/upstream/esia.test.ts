import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EsiaScene, esiaScene, signInAt } from '../../support/esia/esia-scene.ts';

let scene: EsiaScene;
beforeAll(async () => {
  scene = await esiaScene();
});
afterAll(() => scene.close());

test.each(['v1', 'v2'] as const)('%s: signs in', async (protocol) => {
  const upstream = scene.open({ protocol });
  const { callback, state, secret } = await signInAt(scene, upstream, 'ivanova@example.test');
  expect(await upstream.complete(callback, state, secret)).toEqual({});
});
