/** What is thought of an upstream after which signs: a table of happenings, on a clock that stands still in between. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../adapters/clock.ts';
import { type FaultKind, UpstreamFault } from '../../../adapters/upstream/upstream.ts';
import { type Health, health } from '../../../provider/upstreams/health.ts';

// The breaker's library has no clock but the system's.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-21T12:00:00Z') }));
afterEach(() => void vi.useRealTimers());

type Happening = (health: Health) => unknown;

const pass =
  (seconds: number): Happening =>
  () =>
    vi.setSystemTime(Date.now() + seconds * 1_000);
const fault =
  (kind: FaultKind): Happening =>
  (health) =>
    health.failed(new UpstreamFault(kind, 'told'));
const proved: Happening = (health) => health.proved();
const answered: Happening = (health) => health.answered();
const silent: Happening = (health) => health.silent();
const leave =
  (count: number): Happening =>
  (health) => {
    for (let person = 0; person < count; person++) health.departed(`house ${person}`);
  };
const leaveOneHouse =
  (count: number): Happening =>
  (health) => {
    for (let person = 0; person < count; person++) health.departed('one house');
  };
const comeBack =
  (count: number, secondsAgo: number): Happening =>
  (health) => {
    for (let person = 0; person < count; person++) health.returned(Date.now() - secondsAgo * 1_000);
  };
const times = (count: number, happening: Happening) => Array.from({ length: count }, () => happening);

async function thoughtAfter(happenings: readonly Happening[]) {
  const judged = health(systemClock);
  for (const happening of happenings) await happening(judged);
  return { state: judged.state(), barred: judged.isBarred(), seenWell: judged.isSeenWell() };
}

const UP = { state: 'up', barred: false };
const DEGRADED = { state: 'degraded', barred: false };
const BARRED = { state: 'degraded', barred: true };

describe('sign-ins that fail', () => {
  test.each<[string, Happening[], object]>([
    ['nothing has happened', [], UP],
    ['one fault may be bad luck', [fault('outage')], UP],
    ['two', times(2, fault('outage')), UP],
    ['three in a row', times(3, fault('outage')), BARRED],
    ['three of different kinds', [fault('outage'), fault('ours'), fault('untrusted')], BARRED],
    ['three refusals of us', times(3, fault('ours')), BARRED],
    ['three that prove nothing', times(3, fault('untrusted')), BARRED],
    ['a sign-in in between', [...times(2, fault('outage')), proved, ...times(2, fault('outage'))], UP],
    ['nobody is sent there for ten seconds', [...times(3, fault('ours')), pass(9)], BARRED],
    ['then somebody may try', [...times(3, fault('ours')), pass(10)], DEGRADED],
    ['who gets in', [...times(3, fault('ours')), pass(10), proved], UP],
    ['or fails, too', [...times(3, fault('ours')), pass(10), fault('ours')], BARRED],
    [
      'each failure bars again',
      [...times(3, fault('ours')), pass(10), fault('ours'), pass(10), fault('ours'), pass(9)],
      BARRED,
    ],
    ['after an outage an answer is enough', [...times(3, fault('outage')), pass(10), answered], UP],
    ['not at once', [...times(3, fault('outage')), answered], BARRED],
    ['an answer proves no key', [...times(3, fault('untrusted')), pass(10), answered], DEGRADED],
    ['an answer gives no permission', [...times(3, fault('ours')), pass(10), answered], DEGRADED],
  ])('%s', async (_what, happenings, expected) => {
    expect(await thoughtAfter(happenings)).toMatchObject(expected);
  });
});

describe('probes', () => {
  test.each<[string, Happening[], object]>([
    ['silence is enough', [silent], DEGRADED],
    ['and bars nobody: whoever wants to leave is the next probe', [silent, pass(1)], DEGRADED],
    ['until it answers', [silent, answered], UP],
    ['or somebody gets in', [silent, proved], UP],
    ['a later silence', [answered, silent], DEGRADED],
  ])('%s', async (_what, happenings, expected) => {
    expect(await thoughtAfter(happenings)).toMatchObject(expected);
  });

  test.each<[string, Happening[], boolean]>([
    ['never seen', [], false],
    ['it has just answered', [answered], true],
    ['somebody has just got in', [proved], true],
    ['almost five seconds ago', [answered, pass(4)], true],
    ['five seconds ago', [answered, pass(5)], false],
    ['it has failed somebody since', [answered, fault('outage')], false],
    ['it has been silent since', [answered, silent], false],
  ])('seen well: %s', async (_what, happenings, expected) => {
    expect((await thoughtAfter(happenings)).seenWell).toBe(expected);
  });
});

describe('people who do not come back', () => {
  test.each<[string, Happening[], object]>([
    ['seven say nothing', [leave(7), pass(46)], UP],
    ['eight say something', [leave(8), pass(46)], DEGRADED],
    ['not while they may still be typing', [leave(8), pass(44)], UP],
    ['a third has come back', [leave(9), pass(46), comeBack(3, 46)], DEGRADED],
    ['two fifths have', [leave(10), pass(46), comeBack(4, 46)], UP],
    [
      'who has left just now does not count, and neither does her return',
      [leave(8), pass(46), leave(20), comeBack(20, 0)],
      DEGRADED,
    ],
    ['it is forgotten in the end', [leave(8), pass(182)], UP],
    ['a late return of somebody forgotten', [leave(8), pass(182), comeBack(8, 182)], UP],
    ['more returns than departures: others see the rest', [leave(8), pass(46), comeBack(16, 46)], UP],
    ['twenty of one house: somebody presses again and again', [leaveOneHouse(20), pass(46)], UP],
    ['of one house three count', [leaveOneHouse(20), leave(5), pass(46)], DEGRADED],
    ['and no more than three', [leaveOneHouse(20), leave(4), pass(46)], UP],
    [
      'again, when the first are forgotten',
      [leaveOneHouse(3), pass(182), leaveOneHouse(3), leave(5), pass(46)],
      DEGRADED,
    ],
    ['an answer to a probe does not make up for them', [leave(8), pass(46), answered], DEGRADED],
  ])('%s', async (_what, happenings, expected) => {
    expect(await thoughtAfter(happenings)).toMatchObject(expected);
  });
});
