/** What operators have switched off, as this process knows it: looked up every few seconds, so that no page has to. */
import type { Logger } from 'pino';
import type { UpstreamSwitches } from '../../adapters/upstream-switch/upstream-switch.ts';

const LOOK_EVERY_MS = 3_000;

export type Switchboard = {
  isOn(upstream: string): boolean;
};

export type RunningSwitchboard = Switchboard & { close(): void };

/** The first look is waited for: what was off before a restart is off after it. */
export async function openSwitchboard(switches: UpstreamSwitches, log: Logger): Promise<RunningSwitchboard> {
  let off = await lookUp();
  const timer = setInterval(() => {
    lookUp().then(
      (found) => {
        off = found;
      },
      // What was known last still holds.
      (err: unknown) => log.warn({ err }, 'the switches of the upstreams could not be looked up'),
    );
  }, LOOK_EVERY_MS);
  timer.unref();

  return {
    isOn: (upstream) => !off.has(upstream),
    close: () => clearInterval(timer),
  };

  async function lookUp(): Promise<ReadonlySet<string>> {
    const known = await switches.list();
    return new Set(known.filter(({ on }) => !on).map(({ upstream }) => upstream));
  }
}
