/**
 * The upstreams at work: who is offered, sent away and read when they come back, with health and switches behind each
 * answer. Knows neither how an upstream speaks nor what a page looks like.
 */
import type { Clock } from '../../adapters/clock.ts';
import type { Storage } from '../../adapters/storage/storage.ts';
import {
  type Probe,
  type RemoteSignOut,
  type Upstream,
  UpstreamFault,
} from '../../adapters/upstream/upstream.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { ConfiguredUpstream } from '../upstream-settings.ts';
import { type Attempts, attempts, freshState, isSameOwner } from './attempts.ts';
import { type Health, health } from './health.ts';
import type { Switchboard } from './switchboard.ts';
import type {
  Arrival,
  AttemptOwner,
  Departure,
  UpstreamId,
  UpstreamOffer,
  UpstreamState,
  Upstreams,
} from './upstreams.ts';
import { within } from './within.ts';

const PROBE_MS = 2_500;
/** A person reads within five seconds what has become of her. */
const DEPARTURE_MS = 4_000;
const ARRIVAL_MS = 4_000;
const PROBE_EVERY_MS = 10_000;

export type OpenedUpstream = {
  readonly settings: Pick<ConfiguredUpstream, 'id' | 'kind' | 'name' | 'registrationUrl'>;
  readonly upstream: Upstream & Probe & RemoteSignOut;
};

export type UpstreamsNeeds = {
  /** Each has its callback address below it. */
  readonly issuer: string;
  readonly storage: Storage;
  readonly switches: Switchboard;
  readonly clock: Clock;
  readonly events: Pick<
    Events,
    'upstreamDeparted' | 'upstreamArrived' | 'upstreamFailed' | 'upstreamStateChanged'
  >;
};

export type RunningUpstreams = Upstreams & {
  /** Looks at each once, and from then on at those in trouble. Waits for nobody. */
  start(): void;
  close(): void;
};

type Line = OpenedUpstream & {
  readonly health: Health;
  readonly redirectUri: URL;
  probing: Promise<void> | undefined;
  told: UpstreamState;
};

export function openUpstreams(opened: readonly OpenedUpstream[], needs: UpstreamsNeeds): RunningUpstreams {
  const { issuer, switches, clock, events } = needs;
  const out: Attempts = attempts(needs.storage);
  const lines: readonly Line[] = opened.map((each) => ({
    ...each,
    health: health(clock),
    redirectUri: new URL(`/callback/${each.settings.id}`, issuer),
    probing: undefined,
    told: 'up',
  }));
  let timer: NodeJS.Timeout | undefined;

  return {
    offers: () => lines.map(offerOf),
    async depart(id, owner, source) {
      const line = lineOf(id);
      const departure = await leave(line, owner, source);
      events.upstreamDeparted(id, departure.kind);
      return departure;
    },
    isOut: (id, owner) => out.isOut(id, owner),
    async ownerOf(id, state) {
      return (await out.look(id, state))?.owner;
    },
    async arrive(id, callback, owner) {
      const line = lineOf(id);
      const started = performance.now();
      const arrival = await comeIn(line, callback, owner);
      const outcome = arrival.kind === 'refused' ? arrival.reason : arrival.kind;
      events.upstreamArrived(id, outcome, (performance.now() - started) / 1_000);
      return arrival;
    },
    signOutUrl(id) {
      try {
        return lineOf(id).upstream.signOutUrl(new URL('/', issuer));
      } catch (error) {
        // Nothing is known of it yet, or it takes no sign-outs.
        if (error instanceof UpstreamFault) return undefined;
        throw error;
      }
    },
    start() {
      lookAfter(lines);
      timer = setInterval(() => {
        for (const line of lines) tellState(line);
        lookAfter(lines.filter((line) => stateOf(line) === 'degraded'));
      }, PROBE_EVERY_MS);
      timer.unref();
    },
    close: () => clearInterval(timer),
  };

  function lineOf(id: UpstreamId): Line {
    const found = lines.find(({ settings }) => settings.id === id);
    if (!found) throw new GatewayError('not_found');
    return found;
  }

  function stateOf({ settings, health }: Line): UpstreamState {
    return switches.isOn(settings.id) ? health.state() : 'off';
  }

  function offerOf(line: Line): UpstreamOffer {
    const { id, kind, name, registrationUrl } = line.settings;
    return {
      ...{ id, kind, name, state: stateOf(line) },
      ...(registrationUrl !== undefined && { registrationUrl }),
    };
  }

  async function leave(line: Line, owner: AttemptOwner, source: string): Promise<Departure> {
    const { health, redirectUri, upstream } = line;
    const { id } = line.settings;
    if (!switches.isOn(id) || health.isBarred()) return { kind: 'unavailable' };
    const state = freshState();
    const begun = await ask(line, DEPARTURE_MS, async () => {
      if (!health.isSeenWell()) await probe(line);
      return upstream.begin({ redirectUri, state });
    });
    if (!begun) return { kind: 'unavailable' };
    const departedAt = clock.now().getTime();
    const { secret } = begun;
    await out.put(id, state, { owner, secret, ...(health.departed(source) && { departedAt }) });
    return { kind: 'away', to: begun.url };
  }

  async function comeIn(line: Line, callback: URL, owner: AttemptOwner): Promise<Arrival> {
    const { health, upstream } = line;
    const [state, ...more] = callback.searchParams.getAll('state');
    const attempt =
      state === undefined || more.length > 0 ? undefined : await out.take(line.settings.id, state);
    if (state === undefined || !attempt || !isSameOwner(attempt.owner, owner)) {
      return { kind: 'refused', reason: 'start_again' };
    }
    const answer = await ask(line, ARRIVAL_MS, () => upstream.complete(callback, state, attempt.secret));
    if (!answer) return { kind: 'unavailable' };
    if (attempt.departedAt !== undefined) health.returned(attempt.departedAt);
    if ('refused' in answer) return { kind: 'refused', reason: answer.refused };
    await health.proved();
    tellState(line);
    return { kind: 'identity', upstream: offerOf(line), identity: answer };
  }

  /** Undefined when the upstream is at fault, which counts; anything else that is thrown goes on. */
  async function ask<T>(line: Line, limit: number, question: () => Promise<T>): Promise<T | undefined> {
    try {
      return await within(limit, question);
    } catch (error) {
      if (!(error instanceof UpstreamFault)) throw error;
      events.upstreamFailed(line.settings.id, error);
      // Whatever came through the browser anybody could have written: it must not close the door for everybody.
      if (!error.isHearsay) await line.health.failed(error);
      tellState(line);
      return undefined;
    }
  }

  /** One at a time, whoever waits for it. Throws UpstreamFault. */
  function probe(line: Line): Promise<void> {
    line.probing ??= look(line).finally(() => {
      line.probing = undefined;
    });
    return line.probing;
  }

  async function look(line: Line): Promise<void> {
    try {
      await within(PROBE_MS, () => line.upstream.probe());
      await line.health.answered();
    } catch (error) {
      line.health.silent();
      throw error;
    } finally {
      tellState(line);
    }
  }

  function lookAfter(some: readonly Line[]): void {
    for (const line of some.filter(({ settings }) => switches.isOn(settings.id))) {
      probe(line).catch((error: unknown) => events.upstreamFailed(line.settings.id, faultOf(error)));
    }
  }

  function tellState(line: Line): void {
    const state = stateOf(line);
    if (state === line.told) return;
    line.told = state;
    events.upstreamStateChanged(line.settings.id, state);
  }
}

function faultOf(error: unknown): UpstreamFault {
  return error instanceof UpstreamFault ? error : new UpstreamFault('ours', 'unforeseen', { cause: error });
}
