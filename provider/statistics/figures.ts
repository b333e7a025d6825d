/**
 * What is happening, in one look: the numbers of a period and how things stand now, the same from whichever process one
 * asks. A look is shared for a few seconds, so that many who watch cost no more than one.
 */
import type { AddressTroubles, Standing } from '../../adapters/census/census.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { JobDispatcher } from '../../adapters/job-queue/job-queue.ts';
import type { Grid, Point, RunningProcess, Statistics } from '../../adapters/statistics/statistics.ts';
import type { LetterName } from '../letters/post.ts';
import { lettersByUrgency, type Urgency, urgencyOf, type WaitingLetters } from '../letters/urgency.ts';
import type { UpstreamState } from '../upstreams/upstreams.ts';
import { gridOf, type Period } from './periods.ts';
import { type Series, seriesOf } from './series.ts';

const SHARED_MS = 3_000;
const STATES: readonly UpstreamState[] = ['up', 'degraded', 'off'];

/** The most frequent first: they have their places and colours whatever else there is. */
const USUAL = {
  ways: [
    ...['password_email', 'esia', 'rsaa', 'password_ticket', 'passkey'],
    ...['app_code', 'mailed_code', 'qr', 'join', 'recovery_code'],
  ],
  refusals: [
    ...['wrong_password', 'unknown_identifier', 'throttled', 'cancelled', 'app_code_wrong'],
    ...['code_wrong', 'code_gone', 'account_locked', 'password_missing', 'email_malformed'],
  ],
  letters: ['waiting', 'link', 'notice', 'news'] satisfies readonly Urgency[],
} as const;

export type Figures = {
  readonly at: Date;
  readonly grid: Grid;
  readonly charts: Readonly<Record<'ways' | 'portals' | 'refusals' | 'letters' | 'line', readonly Series[]>>;
  readonly processes: number;
  /** Passwords that are hashed just now, and those that wait for it, in all processes. */
  readonly hashing: Pick<RunningProcess, 'inFlight' | 'queued'>;
  /** The worst that any process knows of each. */
  readonly upstreams: ReadonlyMap<string, UpstreamState>;
  readonly waitingLetters: ReadonlyMap<Urgency, WaitingLetters>;
  readonly addressTroubles: AddressTroubles;
  readonly applications: { readonly onTheWay: number; readonly underReview: number };
};

export type FiguresNeeds = {
  readonly statistics: Pick<Statistics, 'counts' | 'longestLines' | 'running'>;
  readonly standing: Standing;
  readonly jobs: Pick<JobDispatcher, 'waiting'>;
  readonly clock: Clock;
};

export type LookAtFigures = (period: Period) => Promise<Figures>;

export function figures(needs: FiguresNeeds): LookAtFigures {
  const looks = new Map<Period, { readonly at: number; readonly figures: Promise<Figures> }>();
  return (period) => {
    const now = needs.clock.now();
    const last = looks.get(period);
    if (last && now.getTime() - last.at < SHARED_MS) return last.figures;
    const figures = look(needs, gridOf(period, now), now);
    looks.set(period, { at: now.getTime(), figures });
    // A look that failed is nobody's.
    figures.catch(() => looks.delete(period));
    return figures;
  };
}

async function look(needs: FiguresNeeds, grid: Grid, at: Date): Promise<Figures> {
  const { statistics, standing, jobs } = needs;
  const signIns = { kind: 'sign_in', outcome: 'success' } as const;
  const [ways, portals, refusals, letters, lines, running, waiting, addressTroubles, applications] =
    await Promise.all([
      statistics.counts({ ...signIns, by: 'way' }, grid),
      statistics.counts({ ...signIns, by: 'portal' }, grid),
      statistics.counts({ kind: 'sign_in', outcome: 'failure', by: 'reason' }, grid),
      statistics.counts({ kind: 'letter', outcome: 'success', by: 'way' }, grid),
      statistics.longestLines(grid),
      statistics.running(),
      jobs.waiting('letter'),
      standing.addressTroubles(),
      standing.applications(),
    ]);
  const line = lines.map((point) => ({ ...point, name: 'longest' }));
  return {
    ...{ at, grid, addressTroubles, applications },
    charts: {
      ways: seriesOf(ways, grid, USUAL.ways),
      portals: seriesOf(portals, grid),
      refusals: seriesOf(refusals, grid, USUAL.refusals),
      letters: seriesOf(letters.map(byUrgency), grid, USUAL.letters),
      line: seriesOf(line, grid),
    },
    processes: running.length,
    hashing: {
      inFlight: sum(running.map(({ inFlight }) => inFlight)),
      queued: sum(running.map(({ queued }) => queued)),
    },
    upstreams: worstStates(running),
    waitingLetters: lettersByUrgency(waiting),
  };
}

/** A letter of an older release may have a name that this one does not know. */
const byUrgency = (point: Point): Point => ({
  ...point,
  name: urgencyOf(point.name as LetterName) ?? 'notice',
});

function worstStates(running: readonly RunningProcess[]): ReadonlyMap<string, UpstreamState> {
  const worst = new Map<string, UpstreamState>();
  for (const [id, state] of running.flatMap(({ upstreams }) => Object.entries(upstreams))) {
    const known = worst.get(id) ?? 'up';
    worst.set(id, STATES.indexOf(state) > STATES.indexOf(known) ? state : known);
  }
  return worst;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
