/** A page of the trail, the latest first: what its rows are told as, and where the next page begins. */
import { z } from 'zod';
import type { AuditPage, ListedAuditEntry } from '../../adapters/audit-log/audit-log.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext } from '../http/context.ts';
import type { Screens } from '../http/screens/screens.ts';

const PER_PAGE = 50;
/** An id as the database counts them. */
const cursor = z
  .string()
  .regex(/^[1-9]\d{0,17}$/)
  .optional();

type TrailPage = Pick<Screens['operator/people/trail'], 'entries' | 'olderPath'>;

export async function trailPage(
  ctx: GatewayContext,
  path: string,
  read: (page: AuditPage) => Promise<readonly ListedAuditEntry[]>,
): Promise<TrailPage> {
  const asked = cursor.safeParse(ctx.query.before);
  if (!asked.success) throw new GatewayError('bad_request');
  const found = await read({ limit: PER_PAGE + 1, ...(asked.data !== undefined && { before: asked.data }) });
  const shown = found.slice(0, PER_PAGE);
  const last = found.length > PER_PAGE ? shown.at(-1) : undefined;
  return {
    entries: shown.map(entryOf),
    ...(last && { olderPath: `${path}${path.includes('?') ? '&' : '?'}before=${last.id}` }),
  };
}

function entryOf(entry: ListedAuditEntry): TrailPage['entries'][number] {
  const { at, event, outcome, actor, network, clientId, reason, detail = {} } = entry;
  return {
    ...{ at, event, outcome, actor },
    ...(network !== undefined && { network }),
    ...(clientId !== undefined && { clientId }),
    ...(reason !== undefined && { reason }),
    detail: Object.entries(detail).map(([name, value]) => `${name}: ${value}`),
  };
}
