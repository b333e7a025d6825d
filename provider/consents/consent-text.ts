/** A consent by itself, written for the person who is to read and sign it: never part of another document (156-ФЗ). */
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { ConsentType, NewDocument } from '../../adapters/document-store/document-store.ts';
import { type Registry, RegistryUnavailable } from '../../adapters/registry/registry.ts';
import type { Declarant, MessageChoice, Templates } from '../documents/write-documents.ts';

export type ConsentTextNeeds = {
  readonly templates: Pick<Templates, 'unionConsent' | 'finfortConsent' | 'messagesConsent'>;
  readonly registry: Pick<Registry, 'memberByTicket'>;
};

/** `choice` is for union_messages alone. Undefined for an account without a name or a confirmed address. */
export async function writeConsent(
  { templates, registry }: ConsentTextNeeds,
  account: Account,
  type: ConsentType,
  choice: MessageChoice,
): Promise<NewDocument | undefined> {
  const declarant = await declarantOf(registry, account);
  if (!declarant) return undefined;
  const write: Readonly<Record<ConsentType, () => NewDocument>> = {
    union_pd: () => templates.unionConsent(declarant),
    finfort_pd: () => templates.finfortConsent(declarant),
    union_messages: () => templates.messagesConsent(declarant, choice),
  };
  return write[type]();
}

async function declarantOf(
  registry: Pick<Registry, 'memberByTicket'>,
  account: Account,
): Promise<Declarant | undefined> {
  const { name, verifiedEmail: email, phone, member } = account;
  if (!name || email === undefined) return undefined;
  return {
    name,
    email,
    phone,
    ticket: member?.ticket,
    birthdate: await birthdateOf(registry, account),
  };
}

/** The register knows it; nobody is asked while the consent to that is withdrawn, or the register is away. */
async function birthdateOf(
  registry: Pick<Registry, 'memberByTicket'>,
  { member, servicesEndedAt }: Account,
): Promise<string | undefined> {
  if (member?.ticket === undefined || servicesEndedAt) return undefined;
  try {
    return (await registry.memberByTicket(member.ticket))?.birthdate;
  } catch (error) {
    if (error instanceof RegistryUnavailable) return undefined;
    throw error;
  }
}
