/** A list of chairs, from the pasted text or the file to the printed sheets (E-03): dry run, progress, sheets shown once. */
import { z } from 'zod';
import {
  type Batch,
  type Credential,
  type CredentialDesk,
  ISSUE_WAYS,
} from '../../adapters/credential-store/credential-store.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { OnboardingBook } from '../../adapters/onboarding/onboarding.ts';
import { goTo } from '../cabinet/rooms.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import { readSheet } from '../exchange/read-sheet.ts';
import { guidePath, guidesOfCredentials } from '../guides/guides.ts';
import { guideIn } from '../guides/read-guide.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import { paramOf } from '../http/param.ts';
import type { Screens } from '../http/screens/screens.ts';
import type { ProblemCode } from '../http/texts.ts';
import { uploadBody, uploadedFile } from '../http/upload.ts';
import { SHORTEST_STAFF_PASSWORD } from '../login/password-rules.ts';
import { listRefusal } from '../staff/kept-lists.ts';
import type { OfficerAt } from '../staff/officer.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import type { CredentialLimits, CredentialRefusal } from './credential-limits.ts';
import { CREDENTIAL_DAYS, draftBatch, type OrderNeeds, startBatch } from './issue.ts';
import { type LineFault, LONGEST_LIST, type PlacedChair, placeChairs, readChairs } from './read-chairs.ts';
import { issueRules } from './rules.ts';

export type IssuesNeeds = OrderNeeds & {
  readonly officeCredentials: CredentialDesk;
  readonly onboarding: Pick<OnboardingBook, 'placed'>;
  readonly credentialLimits: CredentialLimits;
  readonly keptLists: Limiter;
  readonly events: Events;
  readonly readForm: ReadForm;
  readonly issuer: string;
};

const listForm = {
  ...{ list: z.string().max(200_000), way: z.enum(ISSUE_WAYS) },
  second: z.literal('yes').optional(),
};
const FAULTS_SHOWN = 100;
const ADDRESSES_SHOWN = 100;
/** How long a page waits before it looks again. */
const REFRESH_SECONDS = 2;
type Page = Screens['chair/chairs/issue'];

export function issues(needs: IssuesNeeds): StaffArea {
  const { database, officeCredentials, onboarding, credentialLimits, keptLists } = needs;
  const { events, readForm, issuer } = needs;
  const pathOf = ({ organisation }: OfficerAt, rest: string) =>
    `/chair/${encodeURIComponent(organisation.id)}/${rest}`;

  const show = (
    ctx: GatewayContext,
    at: OfficerAt,
    page: Pick<Page, 'typed' | 'faults' | 'problem'>,
  ): void => {
    const { faults, ...rest } = page;
    if (faults.length > 0 || page.problem) ctx.status = 422;
    ctx.render('chair/chairs/issue', {
      ...at.frame,
      ...{ action: pathOf(at, 'issue'), days: CREDENTIAL_DAYS, chairsPath: pathOf(at, 'chairs') },
      asksSecond: page.typed.second || faults.some(({ code }) => code === 'issue_second_chair'),
      ...{ faults: faults.slice(0, FAULTS_SHOWN), faultCount: faults.length },
      ...rest,
    });
  };

  /** Every fault of every line at once, so that the file is mended once. */
  const read = async (
    at: OfficerAt,
    bytes: Uint8Array,
    areSecondMeant: boolean,
  ): Promise<
    { readonly chairs: readonly PlacedChair[]; readonly faults: readonly LineFault[] } | ProblemCode
  > => {
    const sheet = await readSheet(bytes);
    if (!sheet.ok) return sheet.fault === 'sheet_empty' ? 'issue_list_empty' : sheet.fault;
    const listed = readChairs(sheet.rows);
    const names = listed.chairs.map(({ organisation }) => organisation);
    const below = await onboarding.placed(at.organisation.path, names);
    const placed = placeChairs(listed.chairs, below, areSecondMeant);
    const faults = [...listed.faults, ...placed.faults].sort((one, other) => one.line - other.line);
    return { chairs: placed.chairs, faults };
  };

  /** Undefined after having led her away: what another chair has listed is not for her before the undertaking. */
  const batchIn = async (ctx: GatewayContext, at: OfficerAt): Promise<Batch | undefined> => {
    const batch = await officeCredentials.batch(at.organisation.id, paramOf(ctx, 'batch'));
    if (!batch) throw new GatewayError('not_found');
    if (at.office.undertaken || batch.by === at.officer.account.id) return batch;
    goTo(ctx, pathOf(at, 'undertaking'));
    return undefined;
  };

  const showBatch = async (
    ctx: GatewayContext,
    at: OfficerAt,
    { id, way, total, issued, sealed, startedAt }: Batch,
    refusal?: CredentialRefusal,
  ): Promise<void> => {
    const isRunning = startedAt !== undefined && issued < total;
    // Without a script, too.
    if (isRunning) ctx.set('Refresh', String(REFRESH_SECONDS));
    if (refusal) ctx.status = 422;
    const path = pathOf(at, `issues/${id}`);
    const listed = startedAt ? [] : await officeCredentials.listed(id, LONGEST_LIST);
    ctx.render('chair/chairs/batch', {
      ...at.frame,
      ...{ way, total, issued, sealed, days: CREDENTIAL_DAYS, running: isRunning },
      ...(!startedAt && { startAction: `${path}/start` }),
      ...(startedAt && !isRunning && sealed > 0 && { sheetsAction: `${path}/sheets` }),
      listed: listed.map(({ name, email, organisationName }) => ({
        name: [name.family, name.given, name.middle].filter(Boolean).join(' '),
        ...{ email: email.original, organisation: organisationName },
      })),
      ...(refusal && { problem: problemOfList(refusal, listed) }),
      chairsPath: pathOf(at, 'chairs'),
    });
  };

  return staffArea(
    issueRules,
    {
      'GET /chair/:organisation/issue': (ctx, at) =>
        show(ctx, at, { typed: { list: '', way: 'sheet', second: false }, faults: [] }),
      'POST /chair/:organisation/issue': async (ctx, at) => {
        const { second, ...written } = readForm(ctx, listForm);
        const typed = { ...written, second: second === 'yes' };
        const bytes = uploadedFile(ctx)?.bytes ?? Buffer.from(typed.list);
        const found = await read(at, bytes, typed.second);
        if (typeof found === 'string') {
          return show(ctx, at, { typed, faults: [], problem: { field: 'list', code: found } });
        }
        if (found.faults.length > 0) return show(ctx, at, { typed, faults: found.faults });
        const refusal = await listRefusal(keptLists, at.organisation.id);
        if (refusal) return show(ctx, at, { typed, faults: [], problem: { field: 'list', ...refusal } });
        const id = await draftBatch(needs, {
          ...{ by: at.officer.account.id, organisationId: at.organisation.id, way: typed.way },
          credentials: found.chairs.map(({ name, email, at: place }) => ({
            ...{ name, email, role: 'chair', organisationId: place.id },
          })),
        });
        goTo(ctx, pathOf(at, `issues/${id}`));
      },
      'GET /chair/:organisation/issues/:batch': async (ctx, at) => {
        const batch = await batchIn(ctx, at);
        if (batch) await showBatch(ctx, at, batch);
      },
      'POST /chair/:organisation/issues/:batch/start': async (ctx, at) => {
        readForm(ctx, {});
        const batch = await batchIn(ctx, at);
        if (!batch) return;
        const { id, way, total, startedAt } = batch;
        if (!startedAt) {
          const listed = await officeCredentials.listed(id, LONGEST_LIST);
          const emailKeys = listed.map(({ email }) => email.key);
          const refusal = await credentialLimits.refusal(at.organisation.id, way, emailKeys);
          if (refusal) return showBatch(ctx, at, batch, refusal);
          const by = at.officer.account.id;
          await startBatch(needs, ctx.state.origin, {
            id,
            way,
            total,
            by,
            organisationId: at.organisation.id,
          });
        }
        goTo(ctx, pathOf(at, `issues/${id}`));
      },
      'POST /chair/:organisation/issues/:batch/sheets': async (ctx, at) => {
        readForm(ctx, {});
        const batch = await batchIn(ctx, at);
        if (!batch) return;
        const { id: batchId } = batch;
        const { organisation, officer } = at;
        const sheets = await database.transaction(async (tx) => {
          const taken = await officeCredentials.takeSheets(organisation.id, batchId, tx);
          const shown = { by: officer.account.id, organisationId: organisation.id };
          if (taken.length > 0) {
            await events.sheetsShown(ctx.state.origin, { ...shown, batchId, count: taken.length }, tx);
          }
          return taken;
        });
        // Shown before, or too late: the page of the batch says what to do.
        if (sheets.length === 0) return goTo(ctx, pathOf(at, `issues/${batchId}`));
        ctx.render('chair/chairs/sheets', {
          ...at.frame,
          ...{ address: `${issuer}/staff`, shortest: SHORTEST_STAFF_PASSWORD },
          guides: guidesOfCredentials(at.frame.at.register).map((id) => ({
            title: guideIn(ctx.state.locale, id).title,
            address: `${issuer}${guidePath(id)}`,
          })),
          sheets: sheets.map(({ name, email, organisationName, password, expiresAt, role }) => ({
            name: [name.family, name.given, name.middle].filter(Boolean).join(' '),
            ...{ email: email.original, organisation: organisationName, password, role },
            ...(expiresAt && { expiresAt }),
          })),
          chairsPath: pathOf(at, 'chairs'),
        });
      },
    },
    { 'POST /chair/:organisation/issue': uploadBody() },
  );
}

function problemOfList(
  refusal: CredentialRefusal,
  listed: readonly Credential[],
): NonNullable<Screens['chair/chairs/batch']['problem']> {
  const { limit } = refusal;
  if (refusal.kind === 'organisation') {
    return { code: 'credentials_too_many', params: { limit, count: refusal.hours }, emails: [] };
  }
  const often = listed.filter(({ email }) => refusal.emails.has(email.key));
  return {
    ...{ code: 'list_letters_too_many', params: { limit, minutes: refusal.minutes } },
    emails: [...new Set(often.map(({ email }) => email.original))].slice(0, ADDRESSES_SHOWN),
  };
}
