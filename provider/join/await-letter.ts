/** While the letter is on its way (C-08): another one, or another address for the one that was mistyped. */

import type { Database } from '../../adapters/database/database.ts';
import type {
  Registration,
  RegistrationStore,
} from '../../adapters/registration-store/registration-store.ts';
import type { RequestOrigin } from '../http/context.ts';
import type { AddressTrouble, AddressTroubles } from '../letters/post.ts';
import { type ConfirmationLetterNeeds, writeConfirmationLetter } from './confirmation-letter.ts';
import { type CreateNeeds, type CreateOutcome, judgeAddress, mayTell, throttled } from './create.ts';

export type AwaitLetterNeeds = ConfirmationLetterNeeds &
  Pick<CreateNeeds, 'joining' | 'registrationLimits' | 'events'> & {
    readonly database: Database;
    readonly registrations: RegistrationStore;
    readonly troubles: AddressTroubles;
  };

/** Undefined when it is done. */
type Refusal = (CreateOutcome & { readonly kind: 'ask-again' }) | undefined;

export async function sendAgain(
  needs: AwaitLetterNeeds,
  origin: RequestOrigin,
  registration: Registration,
): Promise<Refusal> {
  const { database, accounts, registrationLimits, events } = needs;
  const { id, email } = registration;
  const pause = await registrationLimits.again(id);
  if (pause !== undefined) {
    const problems = [{ field: 'form', code: 'letter_too_soon', params: { count: pause } }] as const;
    return { kind: 'ask-again', status: 429, problems, retryAfter: pause };
  }
  const wait = await registrationLimits.letter(origin.source, email.key);
  if (wait !== undefined) return throttled(wait);
  const owner = await accounts.ownerOf('email', email.key);
  await database.transaction((tx) => writeConfirmationLetter(needs, origin, registration, owner, tx));
  events.registrationLetterRepeated(origin, id);
  return undefined;
}

export async function correctAddress(
  needs: AwaitLetterNeeds,
  origin: RequestOrigin,
  registration: Registration,
  typed: string,
): Promise<Refusal> {
  const { database, registrations, accounts, registrationLimits, events } = needs;
  const judged = judgeAddress(typed, needs.joining.foreignEmail);
  if ('code' in judged) {
    return { kind: 'ask-again', status: 422, problems: [{ field: 'email', code: judged.code }] };
  }
  const { email } = judged;
  await registrationLimits.again(registration.id);
  const wait = await registrationLimits.letter(origin.source, email.key);
  if (wait !== undefined) return throttled(wait);
  const owner = await accounts.ownerOf('email', email.key);
  if (owner !== undefined && (await mayTell(needs, origin, email))) {
    return { kind: 'ask-again', status: 422, problems: [{ field: 'email', code: 'email_taken' }] };
  }
  await database.transaction(async (tx) => {
    // Confirmed or disowned in the meantime: the page that follows says so.
    if (!(await registrations.readdress(registration.id, email, tx))) return;
    await writeConfirmationLetter(needs, origin, { ...registration, email }, owner, tx);
    await events.registrationReaddressed(origin, registration.id, tx);
  });
  return undefined;
}

/** A letter of this registration that came back; one that came back before it says nothing of it. */
export async function troubleOf(
  { troubles }: AwaitLetterNeeds,
  { email, createdAt }: Registration,
): Promise<AddressTrouble['kind'] | undefined> {
  const trouble = await troubles.troubleWith(email.key);
  return trouble && trouble.since >= createdAt ? trouble.kind : undefined;
}
