/** A span of time by the clock of Moscow, and what else narrows the sign-ins of it. Pure. */
import type { AffectedBy } from '../../adapters/incident-store/incident-store.ts';
import type { IncidentField } from '../http/screens/incidents.ts';
import type { FieldProblem } from '../http/screens/shared.ts';

export type TypedSpan = {
  /** As a browser's own field writes it: 2026-11-21T18:00. */
  readonly from: string;
  readonly until: string;
  readonly network: string;
  readonly client: string;
};

export type ReadSpan =
  | { readonly ok: true; readonly affected: AffectedBy }
  | { readonly ok: false; readonly problems: readonly FieldProblem<IncidentField>[] };

const MOMENT = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::\d{2})?$/;
/** Moscow keeps no summer time. */
const MOSCOW = '+03:00';
const LONGEST_DAYS = 31;
/** As the trail has them: IPv4 /24 or IPv6 /48. */
const NETWORK = /^(\d{1,3}(\.\d{1,3}){3}\/24|[\da-f:]+\/48)$/i;
const CLIENT = /^[\w.:-]{1,100}$/;

export function readSpan({ from, until, network, client }: TypedSpan): ReadSpan {
  const begin = momentOf(from);
  const end = momentOf(until);
  const problems: FieldProblem<IncidentField>[] = [];
  if (!begin) problems.push({ field: 'from', code: 'moment_malformed' });
  if (!end) problems.push({ field: 'until', code: 'moment_malformed' });
  if (begin && end) {
    const days = (end.getTime() - begin.getTime()) / 86_400_000;
    if (days <= 0) problems.push({ field: 'until', code: 'span_empty' });
    if (days > LONGEST_DAYS) problems.push({ field: 'until', code: 'span_too_long' });
  }
  const source = network.trim().toLowerCase();
  const clientId = client.trim();
  if (source !== '' && !NETWORK.test(source)) problems.push({ field: 'network', code: 'network_malformed' });
  if (clientId !== '' && !CLIENT.test(clientId)) problems.push({ field: 'client', code: 'client_malformed' });
  if (!begin || !end || problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    affected: {
      ...{ from: begin, until: end },
      ...(source !== '' && { network: source }),
      ...(clientId !== '' && { clientId }),
    },
  };
}

/** For the field of a page. */
export function spanText(at: Date): string {
  return new Date(at.getTime() + 3 * 3_600_000).toISOString().slice(0, 16);
}

function momentOf(typed: string): Date | undefined {
  const text = typed.trim();
  if (!MOMENT.test(text)) return undefined;
  const at = new Date(`${text.replace(' ', 'T')}${MOSCOW}`);
  // A day that does not exist comes back as another one.
  return Number.isNaN(at.getTime()) || spanText(at) !== text.replace(' ', 'T').slice(0, 16) ? undefined : at;
}
