/** One workload on one server in one round: the load, and the CPU time the server took for it. */
import { closedLoop, type LoopResult } from './load/closed-loop.ts';
import type { Site } from './load/site.ts';
import { WORKLOADS, type WorkloadName } from './load/workloads.ts';
import type { ServerProcess } from './server-process.ts';

export type Measurement = LoopResult & { readonly cpuSeconds: number };

export type Bounds = {
  readonly concurrency: number;
  readonly seconds: number;
  readonly operations: number;
};

export type Subject = { readonly server: ServerProcess; readonly site: Site };

export async function measure(
  { server, site }: Subject,
  workload: WorkloadName,
  { concurrency, seconds, operations }: Bounds,
): Promise<Measurement> {
  const { prepare } = WORKLOADS[workload];
  const prepared = await Promise.allSettled(Array.from({ length: concurrency }, () => prepare(site)));
  const clients = prepared.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = prepared.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
  const before = await server.cpuSeconds();
  const result = await closedLoop({ clients, seconds, operationsAtMost: operations });
  const cpuSeconds = (await server.cpuSeconds()) - before;
  return { ...result, errors: [...failed, ...result.errors], cpuSeconds };
}

/** CPU milliseconds of one operation; wrong answers cost, too. */
export function cpuOf({ cpuSeconds, latencies, errors }: Measurement): number {
  return (cpuSeconds * 1_000) / (latencies.length + errors.length);
}
