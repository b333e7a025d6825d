/** The identity providers behind us: connected, tried out, and watched. */
import type { Logger } from 'pino';
import { systemClock } from '../../adapters/clock.ts';
import { SignerMisconfigured, SignerUnavailable } from '../../adapters/signer/signer.ts';
import { type OpenUpstream, openUpstream } from '../../adapters/upstream/open-upstream.ts';
import { postgresSwitches } from '../../adapters/upstream-switch/postgres.ts';
import { type Config, ConfigError } from '../config.ts';
import { signerEvents } from '../events/upstreams.ts';
import type { Metrics } from '../metrics.ts';
import { type OpenedUpstream, openUpstreams, type RunningUpstreams } from '../upstreams/open-upstreams.ts';
import { openSwitchboard } from '../upstreams/switchboard.ts';
import type { Records } from './records.ts';
import type { Stores } from './stores.ts';

/**
 * Before anything else is opened: a signer that can never sign is a fault of the configuration. That an upstream is away
 * is none, and nobody is asked. Throws ConfigError.
 */
export async function connectUpstreams(
  { upstreams }: Config,
  metrics: Metrics,
  log: Logger,
): Promise<readonly OpenedUpstream[]> {
  const events = signerEvents({ metrics, log });
  const faults: string[] = [];
  const opened: OpenedUpstream[] = [];
  for (const settings of upstreams) {
    try {
      const upstream = openUpstream(settings, { clock: systemClock, signerEvents: events });
      await tryOut(settings.id, upstream, log);
      opened.push({ settings, upstream });
    } catch (error) {
      if (!(error instanceof SignerMisconfigured)) throw error;
      faults.push(`UPSTREAMS: ${settings.id}: ${error.message}`);
    }
  }
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  return opened;
}

async function tryOut(id: string, upstream: OpenUpstream, log: Logger): Promise<void> {
  try {
    await upstream.check();
  } catch (error) {
    if (!(error instanceof SignerUnavailable)) throw error;
    log.warn({ upstream: id, reason: error.message }, 'nothing can be signed for an upstream just now');
  }
}

export async function watchUpstreams(
  opened: readonly OpenedUpstream[],
  { issuer }: Config,
  { database, storage }: Stores,
  { events }: Records,
  metrics: Metrics,
  log: Logger,
): Promise<RunningUpstreams> {
  const switches = await openSwitchboard(postgresSwitches(database), log);
  const upstreams = openUpstreams(opened, { issuer, storage, switches, events, clock: systemClock });
  metrics.upstreams.states(upstreams.offers);
  upstreams.start();
  return {
    ...upstreams,
    close() {
      upstreams.close();
      switches.close();
    },
  };
}
