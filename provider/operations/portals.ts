/** «Порталы и согласия»: who is connected to what, and how many; nobody by name. Blocking is the administrators'. */
import type { Census } from '../../adapters/census/census.ts';
import type { JobQueue } from '../../adapters/job-queue/job-queue.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { frameOf } from './frame.ts';
import { portalRules } from './rules.ts';

const LIST = '/operator/portals';
const PER_PAGE = 50;
/** As `client.client_id` may be. */
const CURSOR = /^[\x21-\x7e]{0,128}$/;

export type PortalsNeeds = {
  readonly census: Pick<Census, 'portals' | 'documents' | 'takenAt'>;
  readonly jobs: Pick<JobQueue, 'add'>;
  readonly events: Pick<Events, 'censusAsked'>;
  readonly notices: Notices;
  readonly readForm: ReadForm;
  readonly developersUrl: string | undefined;
};

export function portals(needs: PortalsNeeds): StaffArea {
  const { census, jobs, events, notices, readForm, developersUrl } = needs;
  return staffArea(portalRules, {
    async 'GET /operator/portals'(ctx, officer) {
      const after = String(ctx.query.after ?? '');
      if (!CURSOR.test(after)) throw new GatewayError('bad_request');
      const [found, documents, countedAt] = await Promise.all([
        census.portals({ limit: PER_PAGE + 1, after }),
        census.documents(),
        census.takenAt(),
      ]);
      const shown = found.slice(0, PER_PAGE);
      const last = shown.at(-1);
      const notice = notices.take(ctx);
      const isAdministrator = officer.roles.includes('administrator');
      ctx.render('operator/portals/list', {
        ...frameOf(officer),
        ...{ portals: shown, documents },
        ...(last &&
          found.length > PER_PAGE && { morePath: `${LIST}?after=${encodeURIComponent(last.clientId)}` }),
        ...(countedAt && { countedAt }),
        ...(isAdministrator && developersUrl !== undefined && { reviewUrl: `${developersUrl}/review` }),
        ...(notice && { notice }),
      });
    },

    async 'POST /operator/portals/count'(ctx, officer) {
      readForm(ctx, {});
      await jobs.add('census', {});
      await events.censusAsked(ctx.state.origin, officer.account.id);
      notices.leave(ctx, 'census_asked');
      ctx.status = 303;
      ctx.redirect(LIST);
    },
  });
}
