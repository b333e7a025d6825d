/** What the gateway may cost, as multiples of things measured in the same round. Pure. */
import type { WorkloadName } from './load/workloads.ts';
import { cpuOf, type Measurement } from './measure.ts';
import type { Primitives } from './primitives.ts';

export const SERVERS = ['gateway', 'library'] as const;
export type ServerName = (typeof SERVERS)[number];

/** One measurement per workload and server, side by side in time. */
export type Round = {
  readonly primitives: Primitives;
  readonly measurements: Readonly<Partial<Record<WorkloadName, Readonly<Record<ServerName, Measurement>>>>>;
};

type Yardstick = 'hash + signature' | 'bare library';
type Goal = { readonly yardstick: Yardstick; readonly atMost: number };

const GOALS: Readonly<Partial<Record<WorkloadName, Goal>>> = {
  'sign-in': { yardstick: 'hash + signature', atMost: 2 },
  silent: { yardstick: 'bare library', atMost: 1.4 },
  refresh: { yardstick: 'bare library', atMost: 1.4 },
  'client-credentials': { yardstick: 'bare library', atMost: 1.4 },
  introspection: { yardstick: 'bare library', atMost: 1.4 },
  userinfo: { yardstick: 'bare library', atMost: 1.4 },
};

export type Judgement = {
  readonly workload: WorkloadName;
  /** CPU milliseconds of one operation in the best round: whatever else runs on the machine can only add to it. */
  readonly gateway: number;
  readonly measure: number;
  readonly yardstick: Yardstick;
  readonly ratio: number;
  /** Of each round, to show how quiet the machine was. */
  readonly ratios: readonly number[];
  /** Absent: promised nothing. */
  readonly atMost?: number;
  readonly met: boolean;
};

export function judge(workload: WorkloadName, rounds: readonly Round[]): Judgement {
  const { yardstick, atMost } = GOALS[workload] ?? { yardstick: 'bare library' };
  const costs = rounds.flatMap(({ primitives, measurements }) => {
    const pair = measurements[workload];
    if (!pair) return [];
    const measure =
      yardstick === 'bare library' ? cpuOf(pair.library) : primitives.hash + primitives.signature;
    return [{ gateway: cpuOf(pair.gateway), measure }];
  });
  const gateway = Math.min(...costs.map((cost) => cost.gateway));
  const measure = Math.min(...costs.map((cost) => cost.measure));
  const ratio = gateway / measure;
  return {
    workload,
    yardstick,
    gateway,
    measure,
    ratio,
    ratios: costs.map((cost) => cost.gateway / cost.measure),
    met: atMost === undefined || ratio <= atMost,
    ...(atMost !== undefined && { atMost }),
  };
}
