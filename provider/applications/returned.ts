/** An application that came back: its author may correct it, as long as it is the last thing that happened. */
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { ApplicationStore } from '../../adapters/application-store/application-store.ts';

export type ReturnedApplication = {
  readonly organisation: string;
  /** In the words of the primary organisation. */
  readonly reason?: string;
};

/** Undefined for whoever is a member, and for whoever has applied again. */
export async function returnedApplication(
  { applications }: { readonly applications: Pick<ApplicationStore, 'of'> },
  { id, member, applying }: Account,
): Promise<ReturnedApplication | undefined> {
  if (applying || (member && member.membership !== 'ended')) return undefined;
  const [latest] = await applications.of(id);
  if (latest?.state !== 'returned') return undefined;
  const { organisation, reason } = latest;
  return { organisation, ...(reason !== undefined && { reason }) };
}
