/** Who acts for one organisation, from above: issue, issue again, take back, record the paper, tick, end (E-03…E-07). */
import { z } from 'zod';
import type { AccountStore } from '../../adapters/account-store/account-store.ts';
import {
  type Credential,
  type CredentialDesk,
  ISSUE_WAYS,
} from '../../adapters/credential-store/credential-store.ts';
import { OFFICE_ROLES, type Office, type OfficeStore } from '../../adapters/office-store/office-store.ts';
import { goTo } from '../cabinet/rooms.ts';
import { dayInMoscow, parseCalendarDate } from '../data-rules/calendar-date.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import type { Screens } from '../http/screens/screens.ts';
import type { ProblemCode } from '../http/texts.ts';
import type { OfficerAt } from '../staff/officer.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { type ChecklistNeeds, checklistForm, checklistOf, tickChecklist } from './checklist.ts';
import type { CredentialLimits, CredentialRefusal } from './credential-limits.ts';
import { type EndOfficeNeeds, endOffice } from './end-office.ts';
import { issueOne, type OrderNeeds } from './issue.ts';
import { readChair } from './read-chairs.ts';
import { officerRules } from './rules.ts';

export type OfficersNeeds = ChecklistNeeds &
  EndOfficeNeeds &
  OrderNeeds & {
    readonly accounts: Pick<AccountStore, 'find'>;
    readonly offices: Pick<OfficeStore, 'at' | 'revoke' | 'undertake'>;
    readonly officeCredentials: CredentialDesk;
    readonly credentialLimits: CredentialLimits;
    readonly events: Events;
    readonly notices: Notices;
    readonly readForm: ReadForm;
  };

const text = z.string().max(1_000);
const issueForm = {
  ...{ family: text, given: text, middle: text, email: text },
  ...{ role: z.enum(OFFICE_ROLES), way: z.enum(ISSUE_WAYS) },
};
const paperForm = { date: text };
type Page = Screens['chair/chairs/officers'];
const NOTHING_TYPED = { family: '', given: '', middle: '', email: '', role: 'chair', way: 'sheet' } as const;

export function officers(needs: OfficersNeeds): StaffArea {
  const { database, accounts, offices, officeCredentials, credentialLimits } = needs;
  const { events, notices, readForm, clock } = needs;
  const pathOf = ({ organisation }: OfficerAt) => `/chair/${encodeURIComponent(organisation.id)}/officers`;
  /** Whose desk it is done at: that of her own office. */
  const batchPath = ({ office }: OfficerAt, id: string) =>
    `/chair/${encodeURIComponent(office.organisation.id)}/issues/${id}`;

  const show = async (
    ctx: GatewayContext,
    at: OfficerAt,
    again: Pick<Page, 'typed' | 'problems'> & Pick<Partial<Page>, 'paperOf'> = {
      typed: NOTHING_TYPED,
      problems: [],
    },
  ): Promise<void> => {
    const { organisation, officer, frame } = at;
    const [held, waiting] = await Promise.all([
      offices.at(organisation.id),
      officeCredentials.standing(organisation.id),
    ]);
    const path = pathOf(at);
    const people: Page['people'][number][] = [];
    for (const office of held) {
      const account = await accounts.find(office.accountId);
      people.push({
        ...{ id: office.id, role: office.role, grantedAt: office.grantedAt, path: `${path}/${office.id}` },
        ...(account?.name && { name: fullName(account.name) }),
        ...(account?.verifiedEmail !== undefined && { email: account.verifiedEmail }),
        ...(office.undertaken && { undertaken: office.undertaken }),
        checklist: await checklistOf(needs, office, frame.at.register),
      });
    }
    const count = people.length + waiting.length;
    const seen = { staff: officer.account.id, organisationId: organisation.id, what: 'officers', count };
    if (count > 0) await events.membersSeen(ctx.state.origin, seen);
    const notice = notices.take(ctx);
    if (again.problems.length > 0) ctx.status = 422;
    ctx.render('chair/chairs/officers', {
      ...frame,
      ...{ people, waiting: waiting.map((one) => waitingLine(at, one, clock.now())) },
      ...{ action: path, backPath: `/chair/${encodeURIComponent(at.office.organisation.id)}/chairs` },
      ...again,
      ...(notice && { notice }),
    });
  };

  const found = async (ctx: GatewayContext, { organisation }: OfficerAt): Promise<Office> => {
    const id = paramOf(ctx, 'office');
    const office = (await offices.at(organisation.id)).find((one) => one.id === id);
    if (!office) throw new GatewayError('not_found');
    return office;
  };
  const waitingFound = async (ctx: GatewayContext, { organisation }: OfficerAt): Promise<Credential> => {
    const id = paramOf(ctx, 'credential');
    const one = (await officeCredentials.standing(organisation.id)).find((each) => each.id === id);
    if (!one) throw new GatewayError('not_found');
    return one;
  };
  const done = (ctx: GatewayContext, at: OfficerAt, notice: Parameters<Notices['leave']>[1]): void => {
    notices.leave(ctx, notice);
    goTo(ctx, pathOf(at));
  };

  return staffArea(officerRules, {
    'GET /chair/:organisation/officers': (ctx, at) => show(ctx, at),
    'POST /chair/:organisation/officers': async (ctx, at) => {
      const { role, way, ...typed } = readForm(ctx, issueForm);
      const read = readChair(typed);
      if ('problems' in read) {
        return show(ctx, at, { typed: { ...typed, role, way }, problems: read.problems });
      }
      const credential = { ...read, role, organisationId: at.organisation.id };
      const order = { by: at.officer.account.id, organisationId: at.office.organisation.id, way };
      const refusal = await credentialLimits.refusal(order.organisationId, way, [read.email.key]);
      if (refusal) {
        const field = refusal.kind === 'address' ? 'email' : 'form';
        return show(ctx, at, { typed: { ...typed, role, way }, problems: [problemOf(field, refusal)] });
      }
      const id = await issueOne(needs, ctx.state.origin, { ...order, credentials: [credential] });
      goTo(ctx, batchPath(at, id));
    },
    'POST /chair/:organisation/officers/:office/checklist': async (ctx, at) => {
      const typed = readForm(ctx, checklistForm);
      const office = await found(ctx, at);
      const { register } = at.frame.at;
      await tickChecklist(needs, ctx.state.origin, office, typed, { by: at.officer.account.id, register });
      done(ctx, at, 'checklist_kept');
    },
    'POST /chair/:organisation/officers/:office/paper': async (ctx, at) => {
      const { date } = readForm(ctx, paperForm);
      const { id, accountId, organisation } = await found(ctx, at);
      const by = at.officer.account.id;
      const parsed = date.trim() === '' ? undefined : parseCalendarDate(date);
      const today = dayInMoscow(clock.now());
      if (!parsed?.ok || parsed.value > today) {
        const code: ProblemCode = !parsed
          ? 'undertaking_date_missing'
          : parsed.ok
            ? 'undertaking_date_ahead'
            : parsed.fault;
        const problems = [{ field: `date-${id}`, code }];
        return show(ctx, at, { typed: NOTHING_TYPED, problems, paperOf: { id, date } });
      }
      const given = { how: 'paper', at: new Date(`${parsed.value}T00:00:00+03:00`), by } as const;
      await database.transaction(async (tx) => {
        // Given meanwhile, or over: what there is to see is on the page.
        if (!(await offices.undertake(id, given, tx))) return;
        const told = { by, organisationId: organisation.id, accountId, officeId: id, how: given.how };
        await events.undertakingGiven(ctx.state.origin, told, tx);
      });
      done(ctx, at, 'undertaking_recorded');
    },
    'POST /chair/:organisation/officers/:office/end': async (ctx, at) => {
      readForm(ctx, {});
      await endOffice(needs, ctx.state.origin, await found(ctx, at), at.officer.account.id);
      done(ctx, at, 'office_ended');
    },
    'POST /chair/:organisation/credentials/:credential/reissue': async (ctx, at) => {
      readForm(ctx, {});
      const { id, email, name, role, organisationId, way } = await waitingFound(ctx, at);
      const order = { by: at.officer.account.id, organisationId: at.office.organisation.id, way };
      const refusal = await credentialLimits.refusal(order.organisationId, way, [email.key]);
      if (refusal) {
        const problems = [problemOf(`waiting-${id}`, refusal)];
        return show(ctx, at, { typed: NOTHING_TYPED, problems });
      }
      const again = { email, name, role, organisationId };
      goTo(ctx, batchPath(at, await issueOne(needs, ctx.state.origin, { ...order, credentials: [again] })));
    },
    'POST /chair/:organisation/credentials/:credential/void': async (ctx, at) => {
      readForm(ctx, {});
      const { id: credentialId, organisationId } = await waitingFound(ctx, at);
      const by = at.officer.account.id;
      await database.transaction(async (tx) => {
        if (!(await officeCredentials.void(organisationId, credentialId, by, tx))) return;
        await events.credentialVoided(ctx.state.origin, { by, organisationId, credentialId }, tx);
      });
      done(ctx, at, 'credential_voided');
    },
  });
}

type Name = { readonly family: string; readonly given: string; readonly middle?: string };
const fullName = ({ family, given, middle }: Name): string =>
  [family, given, middle].filter(Boolean).join(' ');

function waitingLine({ organisation }: OfficerAt, one: Credential, now: Date): Page['waiting'][number] {
  const { id, name, email, role, way, issuedAt = now, expiresAt = now } = one;
  const path = `/chair/${encodeURIComponent(organisation.id)}/credentials/${id}`;
  return {
    ...{ id, name: fullName(name), email: email.original, role, way, issuedAt, expiresAt, path },
    expired: expiresAt <= now,
  };
}

function problemOf(field: string, refusal: CredentialRefusal): Page['problems'][number] {
  const { limit } = refusal;
  return refusal.kind === 'organisation'
    ? { field, code: 'credentials_too_many', params: { limit, count: refusal.hours } }
    : { field, code: 'credential_letters_too_many', params: { limit, minutes: refusal.minutes } };
}
