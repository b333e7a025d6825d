/** Through an upstream and back, as a person goes: by the page's own link, in her own browser. */
import type { RelyingParty } from '../relying-party.ts';
import type { Page, Visitor } from '../visitor.ts';
import { toSignIn } from '../walks.ts';
import type { Federation } from './federation.ts';

export type UpstreamName = 'esia' | 'rsaa';

/** The address of the upstream that the page's link leads to. */
export async function leave(person: Visitor, page: Page, upstream: UpstreamName): Promise<URL> {
  const path = page.html.querySelector(`a[data-upstream="${upstream}"]`)?.getAttribute('href');
  if (path === undefined) throw new Error(`no way through ${upstream} on ${page.url.href} (${page.status})`);
  const left = await person.request(new URL(path, page.url));
  const location = left.headers.get('location');
  if (location === null) throw new Error(`nobody is sent to ${upstream} (${left.status})`);
  return new URL(location, page.url);
}

/** From the portal's button to the upstream, through its pages, to the callback address that the browser is sent to. */
export async function toCallback(
  scene: Federation,
  person: Visitor,
  portal: RelyingParty,
  upstream: UpstreamName,
  login: string,
) {
  const { started, page } = await toSignIn(person, portal);
  const callback = await scene.signInAt(upstream, await leave(person, page, upstream), login);
  return { started, page, callback };
}

/** To where it ends: the portal's callback, or a page of the gateway. */
export async function through(
  scene: Federation,
  person: Visitor,
  portal: RelyingParty,
  upstream: UpstreamName,
  login: string,
) {
  const { started, callback } = await toCallback(scene, person, portal, upstream, login);
  const page = await person.follow(await person.request(callback), portal.isCallback);
  return { started, page };
}
