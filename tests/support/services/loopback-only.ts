/**
 * Refuses every connection that would leave this machine, so that no test depends on the world outside; only servers
 * named for the tests may be elsewhere.
 */
import { type NetConnectOpts, Socket } from 'node:net';

const LOOPBACK = /^(localhost|[^.]+\.localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/;

const named = [process.env.TEST_DATABASE_URL, process.env.TEST_REDIS_URL]
  .filter((url) => url !== undefined && url !== '')
  .map((url) => new URL(url as string).hostname);

const connect = Socket.prototype.connect;

Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
  const host = hostOf(args);
  if (host !== undefined && !LOOPBACK.test(host) && !named.includes(host)) {
    throw new Error(`a test tried to reach ${host}, which is outside this machine`);
  }
  return Reflect.apply(connect, this, args);
} as typeof connect;

/** The arguments are (options), (port, host) or (path), or those already normalised by Node in one array. */
function hostOf(args: readonly unknown[]): string | undefined {
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof first !== 'object' || first === null) return typeof second === 'string' ? second : undefined;
  const options = first as NetConnectOpts;
  return 'path' in options && options.path ? undefined : (options as { host?: string }).host;
}
