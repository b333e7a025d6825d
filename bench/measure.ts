/** One workload on one server in one round: the load, and the CPU time the server took for it. */
import { closedLoop, type LoopResult } from './load/closed-loop.ts';
import type { Site } from './load/site.ts';
import { WORKLOADS, type WorkloadName } from './load/workloads.ts';
import type { ServerProcess } from './server-process.ts';
import type { Settings } from './settings.ts';

export type Measurement = LoopResult & { readonly cpuSeconds: number };

export type Subject = { readonly server: ServerProcess; readonly site: Site };

export async function measure(
  { server, site }: Subject,
  workload: WorkloadName,
  { concurrency, seconds, operations }: Settings,
): Promise<Measurement> {
  const { prepare } = WORKLOADS[workload];
  const clients = await Promise.all(Array.from({ length: concurrency }, () => prepare(site)));
  const before = await server.cpuSeconds();
  const result = await closedLoop({ clients, seconds, operationsAtMost: operations });
  return { ...result, cpuSeconds: (await server.cpuSeconds()) - before };
}

/** CPU milliseconds of one operation; wrong answers cost, too. */
export function cpuOf({ cpuSeconds, latencies, errors }: Measurement): number {
  return (cpuSeconds * 1_000) / (latencies.length + errors.length);
}
