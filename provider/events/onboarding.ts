/** Credentials for chairs, their offices and undertakings, and how far their onboarding has come. */
import type { Queryable } from '../../adapters/database/database.ts';
import type { Recorder, Where } from './recorder.ts';

type AtOrganisation = { readonly by: string; readonly organisationId: string };

export function onboardingEvents({ record }: Pick<Recorder, 'record'>) {
  const told = (
    event: string,
    where: Where,
    { by, organisationId }: AtOrganisation,
    more: {
      readonly accountId?: string;
      readonly detail?: Readonly<Record<string, string | number | boolean>>;
    },
    within: Queryable,
  ) =>
    record(
      {
        ...{ event, outcome: 'success', actor: by },
        ...(more.accountId !== undefined && { accountId: more.accountId }),
        detail: { organisation: organisationId, ...more.detail },
        ...{ requestId: where.requestId, network: where.network },
      },
      within,
    );

  return {
    credentialsOrdered: (
      where: Where,
      order: AtOrganisation & { readonly batchId: string; readonly count: number; readonly way: string },
      within: Queryable,
    ) => {
      const { batchId: batch, count, way } = order;
      return told('credentials_ordered', where, order, { detail: { batch, count, way } }, within);
    },
    /** By the job, for whoever has ordered it. */
    credentialIssued: (
      issued: AtOrganisation & { readonly credentialId: string; readonly batchId: string },
      within: Queryable,
    ) =>
      record(
        {
          ...{ event: 'credential_issued', outcome: 'success', actor: issued.by },
          detail: {
            ...{
              organisation: issued.organisationId,
              batch: issued.batchId,
              credential: issued.credentialId,
            },
          },
        },
        within,
      ),
    /** The one-time passwords have been shown, and will not be again. */
    sheetsShown: (
      where: Where,
      shown: AtOrganisation & { readonly batchId: string; readonly count: number },
      within: Queryable,
    ) => {
      const { batchId: batch, count } = shown;
      return told('credential_sheets_shown', where, shown, { detail: { batch, count } }, within);
    },
    credentialVoided: (
      where: Where,
      voided: AtOrganisation & { readonly credentialId: string },
      within: Queryable,
    ) => told('credential_voided', where, voided, { detail: { credential: voided.credentialId } }, within),
    /** Whoever the credentials were for is there. `isNew`: the account was made for it. */
    credentialUsed: (
      where: Where,
      used: {
        readonly accountId: string;
        readonly organisationId: string;
        readonly credentialId: string;
        readonly isNew: boolean;
      },
      within: Queryable,
    ) => {
      const { accountId, organisationId, credentialId: credential, isNew } = used;
      const at = { by: accountId, organisationId };
      return told('credential_used', where, at, { accountId, detail: { credential, new: isNew } }, within);
    },
    officeRevoked: (
      where: Where,
      revoked: AtOrganisation & { readonly accountId: string; readonly officeId: string },
      within: Queryable,
    ) => {
      const { accountId, officeId: office } = revoked;
      return told('office_revoked', where, revoked, { accountId, detail: { office } }, within);
    },
    undertakingGiven: (
      where: Where,
      given: AtOrganisation & {
        readonly accountId: string;
        readonly officeId: string;
        readonly how: 'signed' | 'paper';
      },
      within: Queryable,
    ) => {
      const { accountId, officeId: office, how } = given;
      return told('undertaking_given', where, given, { accountId, detail: { office, how } }, within);
    },
    checklistTicked: (
      where: Where,
      ticked: AtOrganisation & {
        readonly accountId: string;
        readonly officeId: string;
        readonly item: string;
        readonly done: boolean;
      },
      within: Queryable,
    ) => {
      const { accountId, officeId: office, item, done } = ticked;
      return told('checklist_ticked', where, ticked, { accountId, detail: { office, item, done } }, within);
    },
  };
}
