/** «Кто смотрел мои данные»: for which organisation, what kinds of data, and why; no names of staff (security.md #136). */
import type Router from '@koa/router';
import { z } from 'zod';
import type { AuditPages, SightRecord } from '../../adapters/audit-log/audit-log.ts';
import type { MemberExports } from '../../adapters/member-lists/member-lists.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayState } from '../http/context.ts';
import type { Screens } from '../http/screens/screens.ts';
import { REASONS } from '../operators/reason.ts';
import type { Doorkeeper } from './enter.ts';
import { inOneGo } from './in-one-go.ts';
import { rooms } from './rooms.ts';

export type WhoLookedNeeds = {
  readonly doorkeeper: Doorkeeper;
  readonly auditPages: Pick<AuditPages, 'sightsOf'>;
  readonly exports: Pick<MemberExports, 'latestAbout'>;
};

const PER_PAGE = 20;
const PATH = '/cabinet/who-looked';
const cursor = z
  .string()
  .regex(/^[1-9]\d{0,17}$/)
  .optional();

export function whoLookedRoom(
  router: Router<GatewayState>,
  { doorkeeper, auditPages, exports }: WhoLookedNeeds,
): void {
  const { show } = rooms(router, doorkeeper);

  show('/who-looked', async (ctx, { account: { id, member } }) => {
    const asked = cursor.safeParse(ctx.query.before);
    if (!asked.success) throw new GatewayError('bad_request');
    const { data: before } = asked;
    const found = await auditPages.sightsOf(
      { accountId: id, ...(member && { memberId: member.id }) },
      { limit: PER_PAGE + 1, ...(before !== undefined && { before }) },
    );
    const shown = found.slice(0, PER_PAGE);
    const last = found.length > PER_PAGE ? shown.at(-1) : undefined;
    // Lists stand on the first page alone: they are few, and not of her alone.
    const lists = member && before === undefined ? await exports.latestAbout(member.id, PER_PAGE) : [];
    ctx.render('cabinet/who-looked', {
      lists,
      sights: inOneGo(shown).map(({ times, since, ...sight }) => ({
        ...sightOf(sight),
        ...(times > 1 && { again: { times, since } }),
      })),
      ...(before !== undefined && { latestPath: PATH }),
      ...(last && { olderPath: `${PATH}?before=${last.id}` }),
    });
  });
}

type Sight = Screens['cabinet/who-looked']['sights'][number];

function sightOf({ at, reason, fields, organisation, atSchool }: SightRecord): Sight {
  return {
    ...{ at, reason: reasonOf(reason), fields: kindsOf(fields) },
    ...(organisation !== undefined && { organisation }),
    ...(atSchool && { atSchool }),
  };
}

/** What an organisation does with its own members needs no choice of a reason. */
function reasonOf(code: string): Sight['reason'] {
  return REASONS.find((each) => each === code) ?? 'work';
}

/** Each as somebody was shown it; what she saw of a case, and of how one signs in, was masked, and is told so. */
const KIND_OF: Readonly<Record<string, Sight['fields'][number]>> = {
  ...{ name: 'name', family: 'name', given: 'name', middle: 'name', birthdate: 'birthdate', sex: 'sex' },
  ...{ snils: 'snils', email: 'email', phone: 'phone', letters: 'letters', ticket: 'ticket' },
  ...{ organisation: 'membership', membership: 'membership', joinedOn: 'membership' },
  ...{ onRecordSince: 'membership', unit: 'work', position: 'work', employment: 'work', offices: 'offices' },
  ...{ ways: 'ways', protection: 'ways', sessions: 'sessions', portals: 'portals', trail: 'trail' },
  ...{ integrations: 'integrations', documents: 'documents', consents: 'documents' },
  ...{ applications: 'applications', cases: 'cases', case: 'case' },
};

function kindsOf(fields: readonly string[]): Sight['fields'] {
  return [...new Set(fields.map((field) => KIND_OF[field.split(':')[0] ?? ''] ?? 'other'))];
}
