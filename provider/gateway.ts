/**
 * The running gateway: answers with the app that holds the current signing keys, and builds a new one when they have
 * changed. Requests under way end on the app they began on; all state is in the stores, so nobody notices.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { Logger } from 'pino';
import type { SigningKey, SigningKeys } from '../adapters/signing-keys/signing-keys.ts';

const LOOK_EVERY_MS = 5_000;

export type Gateway = {
  handle(request: IncomingMessage, response: ServerResponse): void;
  provider(): Provider;
  /** Looks for changed keys at once. */
  refresh(): Promise<void>;
  stop(): void;
};

export async function openGateway(
  keys: SigningKeys,
  build: (keys: readonly SigningKey[]) => Provider,
  log: Logger,
): Promise<Gateway> {
  let version = await keys.version();
  let provider = build(await keys.list());
  let answer = provider.callback();

  const refresh = async (): Promise<void> => {
    const found = await keys.version();
    if (found === version) return;
    provider = build(await keys.list());
    answer = provider.callback();
    version = found;
    log.info('signing keys have changed');
  };
  const timer = setInterval(() => {
    refresh().catch((err: unknown) => log.warn({ err }, 'signing keys could not be looked up'));
  }, LOOK_EVERY_MS);
  timer.unref();

  return {
    handle: (request, response) => void answer(request, response),
    provider: () => provider,
    refresh,
    stop: () => clearInterval(timer),
  };
}
