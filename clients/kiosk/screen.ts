/**
 * What stands on the one screen: an invitation, a code, or a person. All of it is in memory and goes with her: by her own
 * hand, or when nobody has touched the screen for a while.
 */
import type { Logger } from 'pino';
import type { Asking, DeviceGrant, Person } from './device-grant.ts';

export type Shown =
  | { readonly kind: 'invitation'; readonly why?: 'ended' | 'idle' | 'nobody' | 'failed' }
  | { readonly kind: 'code'; readonly asking: Asking }
  | { readonly kind: 'person'; readonly person: Person };

export type Screen = {
  shown(): Shown;
  /** Shows a code, unless somebody is there. Throws PortalError when the gateway is away. */
  begin(): Promise<void>;
  /** She is still there. */
  stay(): void;
  /** Everything of her is gone, here and at the gateway; a code that waits is given up. */
  end(why: 'ended' | 'idle'): Promise<void>;
};

export function openScreen(grant: DeviceGrant, idleMs: number, log: Logger): Screen {
  let shown: Shown = { kind: 'invitation' };
  let waiting = new AbortController();
  let idle: NodeJS.Timeout | undefined;
  let beginning: Promise<void> | undefined;

  const stay = () => {
    clearTimeout(idle);
    if (shown.kind === 'person') idle = setTimeout(() => void end('idle'), idleMs).unref();
  };
  const end: Screen['end'] = async (why) => {
    const before = shown;
    shown = { kind: 'invitation', why };
    waiting.abort();
    clearTimeout(idle);
    if (before.kind === 'person') await giveBack(before.person);
  };
  const giveBack = (person: Person) =>
    // They live for minutes only; the screen is clean in any case.
    grant.revoke(person).catch((err: unknown) => log.error({ err }, 'tokens not revoked'));

  const follow = async (asking: Asking, { signal }: AbortController): Promise<void> => {
    try {
      const person = await asking.wait(signal);
      if (signal.aborted) return person && (await giveBack(person));
      shown = person ? { kind: 'person', person } : { kind: 'invitation', why: 'nobody' };
      stay();
    } catch (err) {
      log.warn({ err }, 'sign-in failed');
      if (!signal.aborted) shown = { kind: 'invitation', why: 'failed' };
    }
  };
  const ask = async (): Promise<void> => {
    const asking = await grant.ask();
    waiting = new AbortController();
    shown = { kind: 'code', asking };
    void follow(asking, waiting);
  };

  return {
    shown: () => shown,
    stay,
    end,
    async begin() {
      if (shown.kind !== 'invitation') return;
      beginning ??= ask().finally(() => {
        beginning = undefined;
      });
      await beginning;
    },
  };
}
