/** How people call what is counted by its id: ways of signing in, portals, reasons of a refusal. */

import { nameOfUpstream } from '../cabinet/ways.ts';
import { catalogues, type Locale, type SignInMethod } from '../http/texts.ts';
import { clientView } from '../interactions/client-view.ts';
import type { Urgency } from '../letters/urgency.ts';
import type { ClientDirectory } from '../oidc/clients.ts';
import { OTHERS } from '../statistics/series.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import type { Label, ReasonText } from './label.ts';

export type NamingNeeds = {
  readonly upstreams: Pick<Upstreams, 'offers'>;
  readonly clients: Pick<ClientDirectory, 'record'>;
};

export function wayLabel({ upstreams }: NamingNeeds, way: string, locale: Locale): Label {
  if (way === OTHERS) return { others: true };
  if (way in catalogues.ru.cabinet['sign-ins'].method) return { method: way as SignInMethod };
  return { name: nameOfUpstream(upstreams.offers(), way, locale) };
}

export async function portalLabel({ clients }: NamingNeeds, clientId: string): Promise<Label> {
  if (clientId === OTHERS) return { others: true };
  return { name: clientView(clientId, await clients.record(clientId)).name };
}

/** A reason without words of its own is still better than none. */
export function reasonLabel(reason: string): Label {
  if (reason === OTHERS) return { others: true };
  return reason in catalogues.ru.operator.reason ? { code: reason as ReasonText } : { name: reason };
}

export function urgencyLabel(urgency: string): Label {
  return urgency === OTHERS ? { others: true } : { kind: urgency as Urgency };
}
