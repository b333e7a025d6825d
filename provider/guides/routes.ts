/** «Нормативно-справочная информация» under /guides: for everybody, without a sign-in. */
import Router from '@koa/router';
import { GatewayError } from '../errors.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import { paramOf } from '../http/param.ts';
import type { Locale } from '../http/texts.ts';
import { GUIDE_GROUPS, GUIDES, type GuideGroup, type GuideId, guidePath, isGuideId } from './guides.ts';
import { guideIn } from './read-guide.ts';

export function guideRoutes(): Router<GatewayState> {
  const router = new Router<GatewayState>({ prefix: '/guides', exclusive: true });
  router.get('/', (raw) => {
    const ctx = raw as unknown as GatewayContext;
    ctx.render('guides/contents', { groups: contentsIn(ctx.state.locale) });
  });
  router.get('/:guide', (raw) => {
    const ctx = raw as unknown as GatewayContext;
    const id = paramOf(ctx, 'guide');
    if (!isGuideId(id)) throw new GatewayError('not_found');
    const { locale } = ctx.state;
    const at = GUIDES.indexOf(id);
    const previous = GUIDES[at - 1];
    const next = GUIDES[at + 1];
    ctx.render('guides/guide', {
      ...guideIn(locale, id),
      room: guidePath(id),
      printing: ctx.query.print !== undefined,
      groups: contentsIn(locale),
      ...(previous && { previous: linkTo(locale, previous) }),
      ...(next && { next: linkTo(locale, next) }),
    });
  });
  return router;
}

function contentsIn(locale: Locale) {
  return (Object.keys(GUIDE_GROUPS) as GuideGroup[]).map((group) => ({
    group,
    guides: GUIDE_GROUPS[group].map((id) => linkTo(locale, id)),
  }));
}

function linkTo(locale: Locale, id: GuideId) {
  return { title: guideIn(locale, id).title, path: guidePath(id) };
}
