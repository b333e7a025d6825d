/**
 * The undertaking not to disclose personal data, signed by a mailed code (E-04, Q-33): its text, the code, and back to
 * where somebody was on the way to. Signing is provider/documents; with the signature the office is ready to work.
 */
import { z } from 'zod';
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { DocumentStore, NewDocument, Signing } from '../../adapters/document-store/document-store.ts';
import type { Office, OfficeStore } from '../../adapters/office-store/office-store.ts';
import type { OneTimeSecrets } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import { goTo } from '../cabinet/rooms.ts';
import { paragraphsOf } from '../documents/paragraphs.ts';
import type { SigningProblem, Signings } from '../documents/signing.ts';
import type { Templates } from '../documents/write-documents.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import { allowFormsTo } from '../http/security-headers.ts';
import { addressesOf } from '../interactions/client-view.ts';
import { pathBack } from '../interactions/way-back.ts';
import type { ClientDirectory } from '../oidc/clients.ts';
import { wayBackOf, wayBackQuery } from '../recovery/way-on.ts';
import type { OfficerAt } from '../staff/officer.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { undertakingRules } from './rules.ts';

export type UndertakingNeeds = {
  readonly documents: Pick<DocumentStore, 'acceptedTerms'>;
  readonly signings: Signings;
  readonly templates: Pick<Templates, 'undertaking' | 'currentTerms'>;
  readonly secrets: Pick<OneTimeSecrets, 'issuedAt'>;
  readonly offices: Pick<OfficeStore, 'undertake'>;
  readonly clients: Pick<ClientDirectory, 'record'>;
  readonly events: Pick<Events, 'undertakingGiven'>;
  readonly notices: Notices;
  readonly readForm: ReadForm;
};

/** `text`: the hash of what was shown; one signs what one has read. */
const textForm = {
  text: z.string().max(64),
  terms: z.literal('yes').optional(),
  terms_version: z.string().max(20),
};
const codeForm = { code: z.string().max(100) };
const purposeOf = ({ id }: Office) => `undertaking:${id}` as const;

type Visit = { readonly account: Account; readonly office: Office; readonly at: OfficerAt };

export function undertaking(needs: UndertakingNeeds): StaffArea {
  const { documents, signings, templates, secrets, offices, clients, events, notices, readForm } = needs;
  /** Where she came from stays in the address, page after page. */
  const pathOf = (ctx: GatewayContext, { organisation }: OfficerAt, rest = ''): string =>
    `/chair/${encodeURIComponent(organisation.id)}/undertaking${rest}${wayBackQuery(wayBackOf(ctx.query))}`;
  const goOn = (ctx: GatewayContext, { organisation }: OfficerAt): void => {
    const wayBack = wayBackOf(ctx.query);
    if (!wayBack) notices.leave(ctx, 'undertaking_given');
    goTo(ctx, wayBack ? pathBack(wayBack) : `/chair/${encodeURIComponent(organisation.id)}`);
  };

  /** The signature leads on to the portal at once. */
  const letGoOn = async (ctx: GatewayContext): Promise<void> => {
    const wayBack = wayBackOf(ctx.query);
    const record = wayBack && (await clients.record(wayBack.clientId));
    for (const address of addressesOf(record)) allowFormsTo(ctx, address);
  };

  const showText = async (
    ctx: GatewayContext,
    { account, office, at }: Visit,
    problem?: SigningProblem | 'documents_changed',
  ): Promise<void> => {
    const document = office.undertaken ? undefined : write(templates, account, office);
    const { version } = templates.currentTerms();
    const accepted = await documents.acceptedTerms(account.id);
    if (problem) ctx.status = 422;
    await letGoOn(ctx);
    ctx.render('chair/undertaking', {
      ...at.frame,
      ...(office.undertaken && { given: office.undertaken }),
      ...(document && {
        document: {
          title: document.title,
          blocks: paragraphsOf(document.body).filter(({ kind }) => kind !== 'title'),
          sha256: document.sha256,
        },
      }),
      ...{ action: pathOf(ctx, at), termsVersion: version },
      ...(accepted !== version && { terms: `/join/terms/${version}` }),
      ...(problem && {
        problem: {
          field: problem === 'signing_terms' ? ('terms' as const) : ('form' as const),
          code: problem,
        },
      }),
    });
  };

  const showCode = async (
    ctx: GatewayContext,
    { account, at }: Visit,
    { id, documents: [document] }: Signing,
    problem?: { readonly field: 'code' | 'form'; readonly code: SigningProblem },
  ): Promise<void> => {
    if (problem) ctx.status = 422;
    await letGoOn(ctx);
    ctx.render('chair/undertaking-code', {
      ...at.frame,
      ...{ title: document?.title ?? '', address: account.verifiedEmail ?? '' },
      sent: (await secrets.issuedAt('sign', id)) !== undefined,
      action: pathOf(ctx, at, `/${id}/code`),
      againAction: pathOf(ctx, at, `/${id}/again`),
      textPath: pathOf(ctx, at),
      ...(problem && { problem }),
    });
  };

  /** Of this office: what was signed for another says nothing here. */
  const withSigning = async (
    ctx: GatewayContext,
    at: OfficerAt,
    work: (visit: Visit, signing: Signing) => Promise<void>,
  ): Promise<void> => {
    const { office, officer } = at;
    if (office.undertaken) return goOn(ctx, at);
    const signing = await signings.signing(officer.account, paramOf(ctx, 'signing'));
    if (signing?.purpose !== purposeOf(office)) return goTo(ctx, pathOf(ctx, at));
    await work({ account: officer.account, office, at }, signing);
  };

  return staffArea(undertakingRules, {
    'GET /chair/:organisation/undertaking': (ctx, at) =>
      showText(ctx, { account: at.officer.account, office: at.office, at }),
    'POST /chair/:organisation/undertaking': async (ctx, at) => {
      const { text, terms, terms_version: shown } = readForm(ctx, textForm);
      const { office } = at;
      const { account } = at.officer;
      const visit = { account, office, at };
      if (office.undertaken) return goOn(ctx, at);
      const document = write(templates, account, office);
      if (!document) return showText(ctx, visit);
      if (document.sha256 !== text) return showText(ctx, visit, 'documents_changed');
      const { version } = templates.currentTerms();
      // A tick is for the terms that were shown.
      if (terms && shown === version && (await documents.acceptedTerms(account.id)) !== version) {
        await signings.acceptTerms(account, version, ctx.state.origin);
      }
      const signing = await signings.prepare(account, purposeOf(office), [document]);
      for (const { id } of signing.documents) await signings.open(account, id, ctx.state.origin);
      const outcome = await signings.sendCode(account, signing.id, ctx.state.origin);
      if (outcome.kind === 'refused') return showText(ctx, visit, outcome.problem);
      goTo(ctx, pathOf(ctx, at, `/${signing.id}`));
    },
    'GET /chair/:organisation/undertaking/:signing': (ctx, at) =>
      withSigning(ctx, at, (visit, signing) => showCode(ctx, visit, signing)),
    'POST /chair/:organisation/undertaking/:signing/again': async (ctx, at) => {
      readForm(ctx, {});
      await withSigning(ctx, at, async (visit, signing) => {
        const outcome = await signings.sendCode(visit.account, signing.id, ctx.state.origin);
        if (outcome.kind === 'refused' || outcome.kind === 'standing') {
          const code = outcome.kind === 'refused' ? outcome.problem : 'signing_resend_early';
          return showCode(ctx, visit, signing, { field: 'form', code });
        }
        goTo(ctx, pathOf(ctx, at, `/${signing.id}`));
      });
    },
    'POST /chair/:organisation/undertaking/:signing/code': async (ctx, at) => {
      const { code } = readForm(ctx, codeForm);
      await withSigning(ctx, at, async (visit, signing) => {
        const { account, office } = visit;
        const { origin } = ctx.state;
        const outcome = await signings.sign(account, signing.id, code, origin, async (tx, { signedAt }) => {
          const given = { how: 'signed', at: signedAt ?? new Date(), by: account.id } as const;
          if (!(await offices.undertake(office.id, given, tx))) return;
          const { organisation } = office;
          await events.undertakingGiven(
            origin,
            {
              ...{ by: account.id, organisationId: organisation.id, accountId: account.id },
              ...{ officeId: office.id, how: given.how },
            },
            tx,
          );
        });
        if (outcome.kind === 'refused' || outcome.kind === 'wrong') {
          return showCode(ctx, visit, signing, { field: 'code', code: outcome.problem });
        }
        goOn(ctx, at);
      });
    },
  });
}

/** Undefined for whoever has no name yet, or no confirmed address to send the code to. */
function write(
  templates: Pick<Templates, 'undertaking'>,
  { name, verifiedEmail: email }: Account,
  { role, organisation }: Office,
): NewDocument | undefined {
  if (!name || email === undefined) return undefined;
  const { shortName, kind } = organisation;
  return templates.undertaking({ name, email }, { organisation: shortName, kind, role });
}
