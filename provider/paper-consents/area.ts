/** Consents at the workplace: of one card, of the organisation, and forms to be signed at a meeting (E-11…E-13). */
import { z } from 'zod';
import type { Clock } from '../../adapters/clock.ts';
import { CONSENT_TYPES, type ConsentType } from '../../adapters/document-store/document-store.ts';
import type { MemberConsents, MemberConsentsRow } from '../../adapters/member-consents/member-consents.ts';
import { goTo } from '../cabinet/rooms.ts';
import type { Templates } from '../documents/write-documents.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import type { Screens } from '../http/screens/screens.ts';
import type { OfficerAt } from '../staff/officer.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import {
  answersIn,
  areGiven,
  CARD_FIELDS,
  datedIn,
  idIn,
  LIST_FIELDS,
  lackingIn,
  ticksByMember,
} from './fields.ts';
import { lackingOf, nameOf, PEOPLE_AT_ONCE, printedForms } from './forms.ts';
import { paperConsentRules } from './rules.ts';
import { readDay, setTicks, type TickNeeds, ticksOf } from './set-ticks.ts';

const PAGE = 50;
const ALL_FIELDS = ['family', 'given', 'middle', 'consents'] as const;

export type PaperConsentNeeds = TickNeeds & {
  readonly memberConsents: MemberConsents;
  readonly templates: Pick<Templates, 'paperConsent'>;
  readonly clock: Clock;
  readonly events: Pick<Events, 'membersSeen' | 'personSeen'>;
  readonly notices: Notices;
  readonly readForm: ReadForm;
};

type Again<View extends 'chair/consents/card' | 'chair/consents/list' | 'chair/consents/forms'> = Required<
  Pick<Screens[View], 'problem'>
> & { readonly typed: Readonly<Record<string, string | undefined>> };

const consentsPath = (organisationId: string): string =>
  `/chair/${encodeURIComponent(organisationId)}/consents`;
const memberPath = (organisationId: string, memberId: string): string =>
  `/chair/${encodeURIComponent(organisationId)}/members/${encodeURIComponent(memberId)}`;
/** The same part of the list on another page. */
const pathWith = (path: string, query: Readonly<Record<string, string | undefined>>): string => {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === '' ? [] : [[name, value]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
};
const NOTHING_CHOSEN = { field: 'form', code: 'paper_consents_nothing_chosen' } as const;
const inOrder = ({ consents }: MemberConsentsRow) => CONSENT_TYPES.map((type) => consents[type]);

export function paperConsents(needs: PaperConsentNeeds): StaffArea {
  const { memberConsents, templates, clock, events, notices, readForm } = needs;

  const seen = (ctx: GatewayContext, { officer, organisation }: OfficerAt, what: string, count: number) =>
    events.membersSeen(ctx.state.origin, {
      ...{ staff: officer.account.id, organisationId: organisation.id, what, count },
    });
  const cardOf = async (ctx: GatewayContext, { organisation }: OfficerAt): Promise<MemberConsentsRow> => {
    const card = await memberConsents.card(organisation.id, paramOf(ctx, 'member'));
    if (!card) throw new GatewayError('not_found');
    return card;
  };

  const showCard = async (ctx: GatewayContext, at: OfficerAt, again?: Again<'chair/consents/card'>) => {
    const card = await cardOf(ctx, at);
    const { organisation, officer } = at;
    await events.personSeen(ctx.state.origin, {
      ...{ staff: officer.account.id, organisationId: organisation.id, memberId: card.memberId },
      ...{ fields: ALL_FIELDS, reason: 'consents' },
    });
    const path = memberPath(organisation.id, card.memberId);
    const notice = notices.take(ctx);
    if (again) ctx.status = 422;
    ctx.render('chair/consents/card', {
      ...at.frame,
      ...{ name: nameOf(card), cardPath: path, consents: inOrder(card) },
      history: await memberConsents.history(card.memberId),
      ...(!at.frame.at.below && { action: `${path}/consents` }),
      typed: again?.typed ?? {},
      ...(again && { problem: again.problem }),
      ...(notice && { notice }),
    });
  };

  const showList = async (ctx: GatewayContext, at: OfficerAt, again?: Again<'chair/consents/list'>) => {
    const { id } = at.organisation;
    const [lacking, after] = [lackingIn(ctx), idIn(ctx, 'after')];
    const found = await memberConsents.list(id, {
      ...(lacking !== undefined && { lacking }),
      ...(after !== undefined && { after }),
      limit: PAGE + 1,
    });
    const shown = found.slice(0, PAGE);
    const last = found.length > PAGE ? shown.at(-1)?.memberId : undefined;
    const path = consentsPath(id);
    const dated = datedIn(ctx);
    await seen(ctx, at, 'consents', shown.length);
    const notice = notices.take(ctx);
    if (again) ctx.status = 422;
    ctx.render('chair/consents/list', {
      ...at.frame,
      ...(await memberConsents.counts(id)),
      ...(lacking !== undefined && { only: lacking }),
      rows: shown.map((row) => ({
        ...{ id: row.memberId, name: nameOf(row), consents: inOrder(row) },
        path: `${memberPath(id, row.memberId)}/consents`,
      })),
      listPath: path,
      ...(!at.frame.at.below && {
        ticking: {
          ...{ action: here(ctx, path), typed: again?.typed ?? { dated } },
          formsPath: pathWith(`${path}/forms`, { lacking }),
          ...(last !== undefined && { next: last }),
        },
      }),
      ...(last !== undefined && { morePath: pathWith(path, { lacking, after: last, dated }) }),
      ...(again && { problem: again.problem }),
      ...(notice && { notice }),
    });
  };

  const showForms = async (ctx: GatewayContext, at: OfficerAt, again?: Again<'chair/consents/forms'>) => {
    const { id } = at.organisation;
    const only = lackingIn(ctx) ?? 'any';
    const [people, { lacking }] = await Promise.all([lackers(ctx, id), memberConsents.counts(id)]);
    const last = people.length > PEOPLE_AT_ONCE ? people.at(PEOPLE_AT_ONCE - 1) : undefined;
    const types = only === 'any' ? CONSENT_TYPES : [only];
    const path = `${consentsPath(id)}/forms`;
    await seen(ctx, at, 'consent_forms', Math.min(people.length, PEOPLE_AT_ONCE));
    if (again) ctx.status = 422;
    ctx.render('chair/consents/forms', {
      ...{ ...at.frame, only, lacking },
      people: people.slice(0, PEOPLE_AT_ONCE).map((row) => ({
        ...{ id: row.memberId, name: nameOf(row), lacking: lackingOf(row) },
      })),
      ...(last && { morePath: pathWith(path, { lacking: only, after: last.memberId }) }),
      ...{
        action: here(ctx, path),
        formsPath: path,
        listPath: pathWith(consentsPath(id), { lacking: only }),
      },
      typed: again?.typed ?? Object.fromEntries(types.map((type) => [`type_${type}`, 'yes'])),
      ...(again && { problem: again.problem }),
    });
  };
  /** Those without the consent that was asked for, or without some one, from where the page begins, and one more. */
  const lackers = (ctx: GatewayContext, organisationId: string) => {
    const after = idIn(ctx, 'after');
    return memberConsents.list(organisationId, {
      ...{ lacking: lackingIn(ctx) ?? 'any', limit: PEOPLE_AT_ONCE + 1 },
      ...(after !== undefined && { after }),
    });
  };

  return staffArea(paperConsentRules, {
    'GET /chair/:organisation/members/:member/consents': (ctx, at) => showCard(ctx, at),
    'POST /chair/:organisation/members/:member/consents': async (ctx, at) => {
      const { dated, ...answers } = readForm(ctx, CARD_FIELDS);
      const { memberId } = await cardOf(ctx, at);
      const typed = { dated, ...answers };
      if (!areGiven(answers)) return showCard(ctx, at, { problem: NOTHING_CHOSEN, typed });
      const read = readDay(dated, clock.now());
      if ('problem' in read) return showCard(ctx, at, { problem: read.problem, typed });
      const ticks = ticksOf({ [memberId]: answers }, read.day);
      const outcomes = await setTicks(needs, ctx.state.origin, at, ticks);
      const late = ticks.find((_, index) => outcomes[index] === 'withdrawn-later');
      if (late) {
        const problem = { field: late.type, code: 'paper_consent_withdrawn_later' } as const;
        return showCard(ctx, at, { problem, typed });
      }
      notices.leave(ctx, outcomes.includes('ticked') ? 'paper_consents_ticked' : 'paper_consents_unchanged');
      goTo(ctx, `${memberPath(at.organisation.id, memberId)}/consents`);
    },

    'GET /chair/:organisation/consents': (ctx, at) => showList(ctx, at),
    'POST /chair/:organisation/consents': async (ctx, at) => {
      const { dated, next, ...answers } = readForm(ctx, { ...LIST_FIELDS, ...answersIn(ctx) });
      const path = consentsPath(at.organisation.id);
      const onward = next && pathWith(path, { lacking: lackingIn(ctx), after: next, dated });
      const again = (problem: Again<'chair/consents/list'>['problem']) =>
        showList(ctx, at, { problem, typed: { dated, ...answers } });
      if (!areGiven(answers)) return onward ? goTo(ctx, onward) : again(NOTHING_CHOSEN);
      const read = readDay(dated, clock.now());
      if ('problem' in read) return again(read.problem);
      const ticks = ticksOf(ticksByMember(answers), read.day);
      const outcomes = await setTicks(needs, ctx.state.origin, at, ticks);
      const isWhole = outcomes.every((outcome) => outcome === 'ticked' || outcome === 'same');
      notices.leave(ctx, isWhole ? 'paper_consents_ticked' : 'paper_consents_in_part');
      goTo(ctx, onward ?? here(ctx, path));
    },

    'GET /chair/:organisation/consents/forms': (ctx, at) => showForms(ctx, at),
    'POST /chair/:organisation/consents/forms': async (ctx, at) => {
      const { id, shortName } = at.organisation;
      const people = (await lackers(ctx, id)).slice(0, PEOPLE_AT_ONCE);
      const ticked = z.literal('yes').optional();
      const form: Readonly<Record<string, string | undefined>> = readForm(ctx, {
        ...Object.fromEntries(CONSENT_TYPES.map((type) => [`type_${type}`, ticked])),
        ...Object.fromEntries(people.map(({ memberId }) => [`member-${memberId}`, ticked])),
        all: ticked,
      });
      const types = CONSENT_TYPES.filter((type: ConsentType) => form[`type_${type}`] === 'yes');
      const chosen = people.filter(
        ({ memberId }) => form.all === 'yes' || form[`member-${memberId}`] === 'yes',
      );
      if (types.length === 0) {
        const problem = { field: 'type_union_pd', code: 'consent_forms_no_type' } as const;
        return showForms(ctx, at, { problem, typed: form });
      }
      if (chosen.length === 0) {
        const problem = { field: 'all', code: 'consent_forms_nobody' } as const;
        return showForms(ctx, at, { problem, typed: form });
      }
      await seen(ctx, at, 'consent_forms_printed', chosen.length);
      ctx.render('chair/consents/print', {
        ...at.frame,
        ...{ organisation: shortName, types, formsPath: here(ctx, `${consentsPath(id)}/forms`) },
        people: printedForms(templates, shortName, chosen, types),
      });
    },
  });
}

/** The page the form was on: its part of the list stays. */
const here = ({ querystring }: GatewayContext, path: string): string =>
  querystring === '' ? path : `${path}?${querystring}`;
