/** «Инцидент»: acts that concern many at once. Each wants a word typed, and a sign-in of the last minutes. */
import { z } from 'zod';
import type { AuditPages } from '../../adapters/audit-log/audit-log.ts';
import type { Clock } from '../../adapters/clock.ts';
import { goTo } from '../cabinet/rooms.ts';
import { STAFF_CHANGES, STAFF_VIEWS } from '../events/told.ts';
import { SHEET_TYPES } from '../exchange/write-sheet.ts';
import { sendAttachment } from '../http/attachment.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import type { IncidentField } from '../http/screens/incidents.ts';
import type { Screens } from '../http/screens/screens.ts';
import type { FieldProblem } from '../http/screens/shared.ts';
import { catalogues } from '../http/texts.ts';
import { clientView } from '../interactions/client-view.ts';
import type { ClientDirectory } from '../oidc/clients.ts';
import type { StaffGate } from '../staff/gate.ts';
import type { KeptWords } from '../staff/kept-words.ts';
import type { Officer } from '../staff/officer.ts';
import type { StaffRules, UnionRule } from '../staff/rule.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { FRESH_SECONDS } from './carry-out-act.ts';
import {
  affectedSheet,
  forceResets,
  type IncidentNeeds,
  MOST_AFFECTED,
  replaceKeys,
  rotateKeys,
  signOutEverybody,
} from './incident.ts';
import { readSpan, spanText, type TypedSpan } from './read-span.ts';
import { NOTE_FORM, readActNote } from './reason.ts';
import { trailPage } from './trail.ts';

/** Whoever is awake in the night. */
const ON_CALL = { scope: 'union', roles: ['administrator', 'union_operator'] } as const satisfies UnionRule;

const incidentRules = {
  'GET /operator/incident': ON_CALL,
  'GET /operator/incident/trail': ON_CALL,
  'POST /operator/incident/sign-out': ON_CALL,
  'POST /operator/incident/keys': ON_CALL,
  'POST /operator/incident/affected': ON_CALL,
  'GET /operator/incident/affected/:search': ON_CALL,
  'POST /operator/incident/affected/:search/reset': ON_CALL,
  'POST /operator/incident/affected/:search/file': ON_CALL,
} as const satisfies StaffRules;

export type IncidentRoomNeeds = IncidentNeeds & {
  readonly auditPages: Pick<AuditPages, 'ofTime'>;
  readonly staffGate: Pick<StaffGate, 'provesAnew'>;
  readonly keptWords: KeptWords;
  readonly clock: Clock;
  readonly clients: Pick<ClientDirectory, 'record'>;
  readonly notices: Notices;
  readonly readForm: ReadForm;
};

const HOME = '/operator/incident';
const ROOM = 'affected';
const DAY = 24 * 3_600_000;
const TRAIL_DAYS = 7;
const text = z.string().max(200);
const note = NOTE_FORM;
const NOTHING: TypedSpan = { from: '', until: '', network: '', client: '' };

type Problems = readonly FieldProblem<IncidentField>[];
type Word = keyof (typeof catalogues)['ru']['operator']['incident']['word'];

export function incidentArea(needs: IncidentRoomNeeds): StaffArea {
  const { incidents, keptWords, notices, readForm, staffGate, clock } = needs;

  const weekOf = (ctx: GatewayContext, events: readonly string[], choice = '') => {
    const until = clock.now();
    const from = new Date(until.getTime() - TRAIL_DAYS * DAY);
    return trailPage(ctx, `${HOME}/trail${choice}`, (page) =>
      needs.auditPages.ofTime({ from, until, events }, page),
    );
  };
  const home = async (
    ctx: GatewayContext,
    officer: Officer,
    shown: Partial<
      Pick<Screens['operator/incident/home'], 'typed' | 'span' | 'problems' | 'readyAt' | 'keysAge'>
    > = {},
  ) => {
    const now = clock.now();
    const [last, resets, trail] = await Promise.all([
      incidents.lastSignOut(),
      incidents.resets(10),
      weekOf(ctx, STAFF_CHANGES),
    ]);
    const notice = notices.take(ctx);
    if (shown.problems?.length || shown.readyAt || shown.keysAge !== undefined) ctx.status = 422;
    ctx.render('operator/incident/home', {
      typed: { word: '', leaked: false },
      span: { ...NOTHING, from: spanText(new Date(now.getTime() - DAY)), until: spanText(now) },
      ...(last && { lastSignOut: last.at }),
      resets: resets.map(({ begunBy: _, ...reset }) => reset),
      ...trail,
      problems: [],
      ...shown,
      administratorOnly: isAdministratorOnly(officer),
      ...(notice && { notice }),
    });
  };
  /** Sends her to prove once more who she is, unless she just has. */
  const whenFresh =
    (room: (ctx: GatewayContext, officer: Officer) => Promise<void> | void) =>
    async (ctx: GatewayContext, officer: Officer) => {
      if (!staffGate.provesAnew(ctx, officer, FRESH_SECONDS, HOME)) await room(ctx, officer);
    };
  const spanOf = async (ctx: GatewayContext, { account }: Officer) => {
    const kept = await keptWords.find(account.id, ROOM, paramOf(ctx, 'search'));
    const read = kept && readSpan({ ...NOTHING, ...kept });
    if (!read?.ok) goTo(ctx, HOME);
    return read?.ok ? read : undefined;
  };
  const affectedRoom = async (
    ctx: GatewayContext,
    officer: Officer,
    again?: Pick<Screens['operator/incident/affected'], 'typed' | 'problem'>,
  ) => {
    const found = await spanOf(ctx, officer);
    if (!found) return;
    const [count, includesHer] = await Promise.all([
      incidents.countAffected(found.affected, MOST_AFFECTED),
      incidents.affects(found.affected, officer.account.id),
    ]);
    const { from, until, network, clientId } = found.affected;
    if (again?.problem) ctx.status = 422;
    ctx.render('operator/incident/affected', {
      span: {
        ...{ from, until },
        ...(network !== undefined && { network }),
        ...(clientId !== undefined && {
          client: clientView(clientId, await needs.clients.record(clientId)).name,
        }),
      },
      ...{ count, isMost: count === MOST_AFFECTED, includesHer },
      path: `${HOME}/affected/${paramOf(ctx, 'search')}`,
      typed: { note: '', word: '' },
      administratorOnly: isAdministratorOnly(officer),
      ...again,
    });
  };

  return staffArea(incidentRules, {
    'GET /operator/incident': whenFresh(home),

    'GET /operator/incident/trail': whenFresh(async (ctx, officer) => {
      const isAll = ctx.query.all === 'yes';
      const events = isAll ? [...STAFF_CHANGES, ...STAFF_VIEWS] : STAFF_CHANGES;
      ctx.render('operator/incident/trail', {
        ...{ isAll, administratorOnly: isAdministratorOnly(officer) },
        ...(await weekOf(ctx, events, isAll ? '?all=yes' : '')),
      });
    }),

    'POST /operator/incident/sign-out': whenFresh(async (ctx, officer) => {
      const { account } = officer;
      const { sign_out_word: word } = readForm(ctx, { sign_out_word: text });
      const problems: Problems = [{ field: 'sign_out_word', code: 'word_wrong' }];
      if (!isWord('sign_out', word)) return home(ctx, officer, { typed: { word, leaked: false }, problems });
      await signOutEverybody(needs, ctx.state.origin, account.id);
      // She is out as everybody is; what was done waits for her behind the sign-in.
      ctx.render('operator/incident/signed-out', { path: HOME });
    }),

    'POST /operator/incident/keys': whenFresh(async (ctx, officer) => {
      const { account } = officer;
      const { keys_word: word, ...ticks } = readForm(ctx, {
        keys_word: text,
        leaked: z.literal('yes').optional(),
        again: z.literal('yes').optional(),
      });
      const typed = { word, leaked: ticks.leaked === 'yes' };
      const problems: Problems = [{ field: 'keys_word', code: 'word_wrong' }];
      if (!isWord('keys', word)) return home(ctx, officer, { typed, problems });
      if (typed.leaked) {
        const keysAge = await replaceKeys(needs, ctx.state.origin, account.id, ticks.again === 'yes');
        if (keysAge !== undefined) return home(ctx, officer, { typed, keysAge });
        notices.leave(ctx, 'keys_replaced');
        return goTo(ctx, HOME);
      }
      const readyAt = await rotateKeys(needs, ctx.state.origin, account.id);
      if (readyAt) return home(ctx, officer, { typed, readyAt });
      notices.leave(ctx, 'keys_rotated');
      goTo(ctx, HOME);
    }),

    'POST /operator/incident/affected': whenFresh(async (ctx, officer) => {
      const { account } = officer;
      const span = readForm(ctx, { from: text, until: text, network: text, client: text });
      const read = readSpan(span);
      if (!read.ok) return home(ctx, officer, { span, problems: read.problems });
      const { clientId } = read.affected;
      if (clientId !== undefined && !(await needs.clients.record(clientId))) {
        return home(ctx, officer, { span, problems: [{ field: 'client', code: 'client_unknown' }] });
      }
      goTo(ctx, `${HOME}/affected/${await keptWords.keep(account.id, ROOM, span)}`);
    }),

    'GET /operator/incident/affected/:search': whenFresh((ctx, officer) => affectedRoom(ctx, officer)),

    'POST /operator/incident/affected/:search/reset': whenFresh(async (ctx, officer) => {
      const typed = readForm(ctx, { note, word: text });
      const found = await spanOf(ctx, officer);
      if (!found) return;
      const words = readActNote(typed.note);
      if (typeof words !== 'string') {
        return affectedRoom(ctx, officer, { typed, problem: { field: 'note', code: words.code } });
      }
      if (!isWord('reset', typed.word)) {
        return affectedRoom(ctx, officer, { typed, problem: { field: 'word', code: 'word_wrong' } });
      }
      const { id } = officer.account;
      await forceResets(needs, ctx.state.origin, id, words, found.affected);
      notices.leave(ctx, 'resets_begun');
      goTo(ctx, HOME);
    }),

    'POST /operator/incident/affected/:search/file': whenFresh(async (ctx, officer) => {
      const typed = { ...readForm(ctx, { note }), word: '' };
      const found = await spanOf(ctx, officer);
      if (!found) return;
      const words = readActNote(typed.note);
      if (typeof words !== 'string') {
        return affectedRoom(ctx, officer, { typed, problem: { field: 'note', code: words.code } });
      }
      const { id } = officer.account;
      const content = await affectedSheet(needs, ctx.state.origin, id, words, found.affected);
      sendAttachment(ctx, { fileName: 'affected.csv', type: SHEET_TYPES.csv, content });
    }),
  });
}

const isAdministratorOnly = ({ roles }: Officer): boolean => !roles.includes('union_operator');

/** In either language, however it was written. */
function isWord(word: Word, typed: string): boolean {
  const said = typed.trim().toLocaleLowerCase('ru');
  return Object.values(catalogues).some(
    ({ operator }) => operator.incident.word[word].toLocaleLowerCase('ru') === said,
  );
}
