/** A page of the trail, the latest first: what its rows are told as, and where the next page begins. */
import { z } from 'zod';
import type { AuditPage, ListedAuditEntry } from '../../adapters/audit-log/audit-log.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext } from '../http/context.ts';
import type { Screens } from '../http/screens/screens.ts';
import { catalogues, type EventName, type Locale, translator } from '../http/texts.ts';

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
    entries: shown.map((entry) => entryOf(entry, ctx.state.locale)),
    ...(last && { olderPath: `${path}${path.includes('?') ? '&' : '?'}before=${last.id}` }),
  };
}

type Shown = TrailPage['entries'][number];

function entryOf(entry: ListedAuditEntry, locale: Locale): Shown {
  const { at, event, outcome, actor, network, clientId, clientName, reason, note, detail = {} } = entry;
  const why = reason === undefined ? undefined : wordsFor(reason, locale);
  return {
    ...{ at, outcome, code: event, actor: actorOf(entry) },
    ...(isEvent(event) && { event }),
    ...(clientId !== undefined && { portal: clientName ?? clientId }),
    ...(why !== undefined && { why }),
    ...(note !== undefined && { note }),
    more: [
      ...[actor, entry.accountId, clientId, network, reason].filter((each) => each !== undefined),
      ...Object.entries(detail).map(([name, value]) => `${name}: ${value}`),
    ],
  };
}

/** Whoever is no account: the word that stands for it in the trail. */
const OTHERS: Readonly<Record<string, Shown['actor']['by']>> = {
  ...{ gateway: 'gateway', system: 'gateway', registry: 'registry', operator: 'console' },
};

function actorOf({ actor, accountId, actorKind, actorName: name }: ListedAuditEntry): Shown['actor'] {
  if (actor === accountId) return { by: 'self' };
  const named = name !== undefined && { name };
  if (actorKind === 'application') return { by: 'app', name: name ?? actor };
  if (actorKind !== undefined && !named) return { by: 'nameless' };
  if (actorKind === 'operator') return { by: 'operator', ...named };
  if (actorKind === 'account') return { by: 'worker', ...named };
  return { by: OTHERS[actor] ?? 'unknown' };
}

const { event: EVENTS, operator: desk } = catalogues.ru;

const isEvent = (event: string): event is EventName => Object.hasOwn(EVENTS, event);

/** Words for a code: a reason that was chosen, one of a refusal, or an act that could not be. */
function wordsFor(code: string, locale: Locale): string | undefined {
  const t = translator(locale);
  if (Object.hasOwn(desk.people.reason.choice, code)) return t(`operator.people.reason.choice.${code}`);
  if (Object.hasOwn(desk.reason, code)) return t(`operator.reason.${code}`);
  if (Object.hasOwn(desk.people.act.fault, code)) return t(`operator.people.act.fault.${code}`);
  return undefined;
}
