/**
 * A document before entry, as pages: its text, the mailed code, or «Не сейчас». Signing is provider/documents; what
 * follows from it, and whether it is asked for at all, is decided elsewhere.
 */
import type Provider from 'oidc-provider';
import type { Interaction } from 'oidc-provider';
import { z } from 'zod';
import type { Account, AccountStore } from '../../adapters/account-store/account-store.ts';
import type { ConsentType, DocumentStore, Signing } from '../../adapters/document-store/document-store.ts';
import type { OneTimeSecrets } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import { type ConsentTextNeeds, writeConsent } from '../consents/consent-text.ts';
import type { PutOffDocuments } from '../consents/put-off.ts';
import { paragraphsOf } from '../documents/paragraphs.ts';
import type { SigningProblem, Signings } from '../documents/signing.ts';
import type { Templates } from '../documents/write-documents.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import { allowFormsTo } from '../http/security-headers.ts';
import { type Claim, claimsIn } from '../oidc/claims.ts';
import { withoutCompanions } from '../oidc/client/consent.ts';
import { claimsByConsent } from '../oidc/client-rules.ts';
import type { DocumentDetails } from '../oidc/policy/documents.ts';
import { type Finish, liveSession } from './finish.ts';
import type { OpenInteraction } from './open-interaction.ts';
import type { Pages } from './pages.ts';

const ticked = z.literal('yes').optional();
/** `text`: the hash of what was shown; one signs what one has read. */
export const documentForm = {
  text: z.string().max(64),
  terms: ticked,
  terms_version: z.string().max(20),
};
type DocumentForm = z.output<z.ZodObject<typeof documentForm>>;

export type DocumentNeeds = Omit<ConsentTextNeeds, 'templates'> & {
  readonly provider: Provider;
  readonly accounts: Pick<AccountStore, 'find'>;
  readonly documents: DocumentStore;
  readonly templates: Templates;
  readonly signings: Signings;
  readonly secrets: Pick<OneTimeSecrets, 'issuedAt'>;
  readonly putOff: PutOffDocuments;
  readonly events: Pick<Events, 'documentPutOff'>;
  readonly finish: Finish;
};

/** Who is asked for what, on the way where. */
export type DocumentVisit = OpenInteraction &
  DocumentDetails & { readonly account: Account; readonly sessionUid: string };

const pathOf = ({ uid }: Interaction, rest = '') => `/interaction/${uid}${rest}`;
const codePath = (interaction: Interaction, signing: Signing, rest = 'code') =>
  pathOf(interaction, `/document/${signing.id}/${rest}`);

/** Undefined when she has signed out meanwhile, or somebody else is there. Throws bad_request for another prompt. */
export async function documentVisit(
  { provider, accounts }: Pick<DocumentNeeds, 'provider' | 'accounts'>,
  ctx: GatewayContext,
  open: OpenInteraction,
): Promise<DocumentVisit | undefined> {
  const { prompt, session } = open.interaction;
  if (prompt.name !== 'documents' || !session) throw new GatewayError('bad_request');
  const live = await liveSession(provider, ctx);
  const account = await accounts.find(session.accountId);
  if (live?.accountId !== session.accountId || account?.status !== 'confirmed') return undefined;
  return { ...open, ...(prompt.details as DocumentDetails), account, sessionUid: live.uid };
}

export type DocumentSteps = ReturnType<typeof documentSteps>;

export function documentSteps(needs: DocumentNeeds) {
  const { provider, documents, templates, signings, secrets, putOff, events, finish } = needs;

  const write = ({ account, type }: DocumentVisit) =>
    writeConsent(needs, account, type, { channels: [], senders: [] });
  const settled = (ctx: GatewayContext, { interaction }: DocumentVisit) =>
    finish.documentDecided(ctx, interaction);

  const showText = async (
    ctx: GatewayContext,
    visit: DocumentVisit,
    problem?: SigningProblem | 'documents_changed',
  ): Promise<void> => {
    const { interaction, client, account, type, otherwise } = visit;
    const document = account.verifiedEmail === undefined ? undefined : await write(visit);
    const accepted = await documents.acceptedTerms(account.id);
    const { version } = templates.currentTerms();
    if (problem) ctx.status = 422;
    allowFormsTo(ctx, String(interaction.params.redirect_uri));
    ctx.render('interaction/document', {
      client,
      otherwise,
      withheld: await withheldWithout(provider, interaction, type),
      ...(document && {
        document: {
          title: document.title,
          blocks: paragraphsOf(document.body).filter(({ kind }) => kind !== 'title'),
          sha256: document.sha256,
        },
      }),
      termsVersion: version,
      ...(accepted !== version && { terms: `/join/terms/${version}` }),
      ...(problem && { problem: { field: problem === 'signing_terms' ? 'terms' : 'form', code: problem } }),
      action: pathOf(interaction, '/document'),
      laterAction: pathOf(interaction, '/document/later'),
    });
  };

  const showCode = async (
    ctx: GatewayContext,
    { interaction, client, account }: DocumentVisit,
    signing: Signing,
    problem?: { readonly field: 'code' | 'form'; readonly code: SigningProblem },
  ): Promise<void> => {
    if (problem) ctx.status = 422;
    allowFormsTo(ctx, String(interaction.params.redirect_uri));
    ctx.render('interaction/document-code', {
      client,
      title: signing.documents[0]?.title ?? '',
      sent: (await secrets.issuedAt('sign', signing.id)) !== undefined,
      address: account.verifiedEmail ?? '',
      action: codePath(interaction, signing),
      againAction: codePath(interaction, signing, 'again'),
      textPath: pathOf(interaction),
      laterAction: pathOf(interaction, '/document/later'),
      ...(problem && { problem }),
    });
  };

  /** «Подписать»: what was read is written down, and the code leaves. */
  const begin = async (ctx: GatewayContext, visit: DocumentVisit, form: DocumentForm): Promise<void> => {
    const { interaction, account, type } = visit;
    const { origin } = ctx.state;
    const document = await write(visit);
    if (!document || document.sha256 !== form.text) return showText(ctx, visit, 'documents_changed');
    const { version } = templates.currentTerms();
    // A tick is for the terms that were shown.
    const isNew = (await documents.acceptedTerms(account.id)) !== version;
    if (form.terms && form.terms_version === version && isNew) {
      await signings.acceptTerms(account, version, origin);
    }
    const signing = await signings.prepare(account, `consent:${type}`, [document]);
    for (const { id } of signing.documents) await signings.open(account, id, origin);
    const outcome = await signings.sendCode(account, signing.id, origin);
    if (outcome.kind === 'refused') return showText(ctx, visit, outcome.problem);
    if (outcome.kind === 'already-signed') return settled(ctx, visit);
    goTo(ctx, codePath(interaction, signing));
  };

  /** Hers and for this document; gone when it was replaced by a newer text. */
  const find = async ({ account, type }: DocumentVisit, id: string): Promise<Signing | undefined> => {
    const signing = await signings.signing(account, id);
    return signing?.purpose === `consent:${type}` ? signing : undefined;
  };
  const withSigning =
    (step: (ctx: GatewayContext, visit: DocumentVisit, signing: Signing, typed: string) => Promise<void>) =>
    async (ctx: GatewayContext, visit: DocumentVisit, id: string, typed = ''): Promise<void> => {
      const signing = await find(visit, id);
      if (!signing) return showText(ctx, visit, 'documents_changed');
      if (signing.signedAt) return settled(ctx, visit);
      await step(ctx, visit, signing, typed);
    };

  return {
    showText,
    begin,
    code: withSigning((ctx, visit, signing) => showCode(ctx, visit, signing)),
    again: withSigning(async (ctx, visit, signing) => {
      const outcome = await signings.sendCode(visit.account, signing.id, ctx.state.origin);
      if (outcome.kind === 'already-signed') return settled(ctx, visit);
      if (outcome.kind === 'sent') return goTo(ctx, codePath(visit.interaction, signing));
      const code = outcome.kind === 'refused' ? outcome.problem : 'signing_resend_early';
      await showCode(ctx, visit, signing, { field: 'form', code });
    }),
    sign: withSigning(async (ctx, visit, signing, typed) => {
      // What follows from the consent is part of its signature: effective-documents.ts.
      const { origin } = ctx.state;
      const outcome = await signings.sign(visit.account, signing.id, typed, origin, async () => {});
      if (outcome.kind === 'refused' || outcome.kind === 'wrong') {
        return showCode(ctx, visit, signing, { field: 'code', code: outcome.problem });
      }
      await settled(ctx, visit);
    }),
    /** «Не сейчас». */
    async later(ctx: GatewayContext, visit: DocumentVisit): Promise<void> {
      const { interaction, account, type, otherwise, sessionUid } = visit;
      if (otherwise === 'refuse') return goTo(ctx, pathOf(interaction, '/document/needed'));
      await putOff.putOff(sessionUid, account.id, type);
      await events.documentPutOff(ctx.state.origin, account.id, String(interaction.params.client_id), type);
      await settled(ctx, visit);
    },
    async needed(ctx: GatewayContext, { interaction, client, type }: DocumentVisit): Promise<void> {
      allowFormsTo(ctx, String(interaction.params.redirect_uri));
      ctx.render('interaction/document-needed', {
        client,
        title: templates.currentConsent(type).title,
        textPath: pathOf(interaction),
        backAction: pathOf(interaction, '/abort'),
      });
    },
  };
}

export function documentPage(
  needs: Pick<DocumentNeeds, 'provider' | 'accounts'>,
  steps: Pick<DocumentSteps, 'showText'>,
): Pages['show'] {
  return async (ctx, interaction, client) => {
    const visit = await documentVisit(needs, ctx, { interaction, client });
    if (visit) return steps.showText(ctx, visit);
    ctx.status = 410;
    ctx.render('interaction/expired', {});
  };
}

/** What of its scopes the portal is not told without the document. */
async function withheldWithout(
  provider: Provider,
  { params }: Interaction,
  type: ConsentType,
): Promise<readonly Claim[]> {
  const client = await provider.Client.find(String(params.client_id));
  const conditional = new Set((client && claimsByConsent(client)?.[type]) ?? []);
  const asked = claimsIn(String(params.scope ?? '').split(' '));
  return withoutCompanions(asked.filter((name) => conditional.has(name)));
}

function goTo(ctx: GatewayContext, address: string): void {
  ctx.status = 303;
  ctx.redirect(address);
}
