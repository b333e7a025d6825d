/** What every upstream owes: foreign, repeated and mangled answers prove nobody, «Отмена» is an answer, silence an outage. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenUpstream } from '../../../adapters/upstream/open-upstream.ts';
import type { Json } from '../../../adapters/upstream/upstream.ts';

export type UpstreamScene = {
  readonly upstream: OpenUpstream;
  readonly redirectUri: URL;
  /** Through the pages of the other side; where the browser comes back to. */
  signIn(authorize: URL): Promise<URL>;
  cancel(authorize: URL): Promise<URL>;
  /** From now on, until it is called with null. */
  breakToken(
    fault: 'hang' | 'reset' | '503' | '502-html' | 'empty' | 'truncated' | 'garbage' | 'huge' | null,
  ): void;
  /** Where a browser is sent. */
  breakPage(fault: 'hang' | 'reset' | '503' | '502-html' | 'empty' | 'truncated' | null): void;
  breakIdToken(fault: 'foreign-key' | 'wrong-iss' | 'wrong-aud' | 'expired' | 'alg-none' | null): void;
  close(): Promise<void>;
};

export function upstreamContract(name: string, open: () => Promise<UpstreamScene>): void {
  describe(`upstream ${name}`, () => {
    let scene: UpstreamScene;
    beforeAll(async () => {
      scene = await open();
    });
    afterAll(() => scene.close());

    const begin = async (state: string = randomUUID()) => {
      const { url, secret } = await scene.upstream.begin({ redirectUri: scene.redirectUri, state });
      // It spends a night in a store.
      return { url, state, secret: JSON.parse(JSON.stringify(secret)) as Json };
    };
    const start = { refused: 'start_again' };

    test('proves a person by issuer and subject, with the claims', async () => {
      const { url, state, secret } = await begin();
      const identity = await scene.upstream.complete(await scene.signIn(url), state, secret);
      expect(identity).toMatchObject({
        issuer: expect.any(String),
        subject: expect.stringMatching(/./),
        claims: {
          family_name: 'Орлова',
          given_name: 'Ирина',
          middle_name: 'Сергеевна',
          birthdate: '1987-08-08',
        },
        verifiedEmail: 'orlova@example.test',
      });
    });

    test('the same person is the same subject again', async () => {
      const proofs = [];
      for (let turn = 0; turn < 2; turn++) {
        const { url, state, secret } = await begin();
        proofs.push(await scene.upstream.complete(await scene.signIn(url), state, secret));
      }
      expect(proofs[0]).toMatchObject({ subject: (proofs[1] as { subject: string }).subject });
    });

    test('the secret is not in the address', async () => {
      const { url, secret } = await begin();
      for (const [part, value] of Object.entries(secret as Record<string, string>)) {
        if (part === 'redirectUri' || part === 'nonce') continue;
        expect(url.href).not.toContain(value);
      }
    });

    test('«Отмена» is an answer', async () => {
      const { url, state, secret } = await begin();
      expect(await scene.upstream.complete(await scene.cancel(url), state, secret)).toEqual({
        refused: 'cancelled',
      });
    });

    test.each(['foreign', 'absent', 'twice'])(
      'state %s: starts again, and the code stays unspent',
      async (how) => {
        const { url, state, secret } = await begin();
        const callback = await scene.signIn(url);
        const mangled = new URL(callback);
        if (how === 'foreign') mangled.searchParams.set('state', randomUUID());
        if (how === 'absent') mangled.searchParams.delete('state');
        if (how === 'twice') mangled.searchParams.append('state', state);
        expect(await scene.upstream.complete(mangled, state, secret)).toEqual(start);
        expect(await scene.upstream.complete(callback, state, secret)).toHaveProperty('subject');
      },
    );

    test('a code of another sign-in proves nobody', async () => {
      const victim = await begin();
      const attacker = await begin();
      const callback = await scene.signIn(attacker.url);
      expect(await scene.upstream.complete(callback, victim.state, victim.secret)).toEqual(start);
    });

    test.each([
      ['code and error together', (url: URL) => url.searchParams.set('error', 'access_denied')],
      ['two codes', (url: URL) => url.searchParams.append('code', 'another')],
      ['neither code nor error', (url: URL) => url.searchParams.delete('code')],
    ])('%s: starts again', async (_what, mangle) => {
      const { url, state, secret } = await begin();
      const callback = await scene.signIn(url);
      mangle(callback);
      expect(await scene.upstream.complete(callback, state, secret)).toEqual(start);
    });

    test('an answer is worth something once', async () => {
      const { url, state, secret } = await begin();
      const callback = await scene.signIn(url);
      expect(await scene.upstream.complete(callback, state, secret)).toHaveProperty('subject');
      expect(await scene.upstream.complete(callback, state, secret)).toEqual(start);
    });

    test('of parallel readings of an answer at most one proves anybody', async () => {
      const { url, state, secret } = await begin();
      const callback = await scene.signIn(url);
      const readings = [1, 2, 3].map(() => scene.upstream.complete(callback, state, secret));
      const answers = await Promise.allSettled(readings);
      const proofs = answers.filter((answer) => answer.status === 'fulfilled' && 'subject' in answer.value);
      expect(proofs.length).toBeLessThanOrEqual(1);
    });

    test('an invented code of 6 KB is refused', async () => {
      const { state, secret } = await begin();
      const callback = new URL(
        `?${new URLSearchParams({ code: 'x'.repeat(6_144), state })}`,
        scene.redirectUri,
      );
      expect(await scene.upstream.complete(callback, state, secret)).toEqual(start);
    });

    test.each(['hang', 'reset', '503', '502-html', 'empty', 'truncated', 'garbage', 'huge'] as const)(
      'token endpoint %s: an outage within its time, and well again by itself',
      async (fault) => {
        const { url, state, secret } = await begin();
        const callback = await scene.signIn(url);
        scene.breakToken(fault);
        const started = performance.now();
        await expect(scene.upstream.complete(callback, state, secret)).rejects.toMatchObject({
          name: 'UpstreamFault',
          kind: 'outage',
        });
        expect(performance.now() - started).toBeLessThan(3_000);
        scene.breakToken(null);
        const again = await begin();
        const answer = await scene.upstream.complete(
          await scene.signIn(again.url),
          again.state,
          again.secret,
        );
        expect(answer).toHaveProperty('subject');
      },
    );

    test.each(['foreign-key', 'wrong-iss', 'wrong-aud', 'expired', 'alg-none'] as const)(
      'id_token %s: not trusted, and the fault tells nothing of the person',
      async (fault) => {
        const { url, state, secret } = await begin();
        const callback = await scene.signIn(url);
        scene.breakIdToken(fault);
        const thrown = await scene.upstream.complete(callback, state, secret).catch((error: Error) => error);
        scene.breakIdToken(null);
        expect(thrown).toMatchObject({ name: 'UpstreamFault', kind: 'untrusted' });
        const { message, code } = thrown as Error & { code: string };
        expect(`${message} ${code}`).not.toMatch(/Орлов|orlova|eyJ|\d{10}/);
      },
    );

    test('answers a probe', async () => {
      await expect(scene.upstream.probe()).resolves.toBeUndefined();
    });

    test.each(['hang', 'reset', '503', '502-html', 'empty', 'truncated'] as const)(
      'a page that is %s answers no probe, nor does such a token endpoint, until it is well',
      async (fault) => {
        const outage = { name: 'UpstreamFault', kind: 'outage' };
        scene.breakPage(fault);
        await expect(scene.upstream.probe()).rejects.toMatchObject(outage);
        scene.breakPage(null);
        await expect(scene.upstream.probe()).resolves.toBeUndefined();
        if (fault === 'truncated') return;
        scene.breakToken(fault);
        await expect(scene.upstream.probe()).rejects.toMatchObject(outage);
        scene.breakToken(null);
        await expect(scene.upstream.probe()).resolves.toBeUndefined();
      },
    );

    test('a fault that only the browser tells of is marked as hearsay', async () => {
      const { url, state, secret } = await begin();
      const callback = await scene.cancel(url);
      callback.searchParams.set('error', 'server_error');
      callback.searchParams.set('error_description', 'ESIA-007007: …');
      await expect(scene.upstream.complete(callback, state, secret)).rejects.toMatchObject({
        name: 'UpstreamFault',
        isHearsay: true,
      });
    });

    test('the sign-out leads there and back', async () => {
      const back = new URL('https://id.example.test/goodbye');
      const url = scene.upstream.signOutUrl(back);
      expect([...url.searchParams.values()]).toContain(back.href);
    });
  });
}
