/** What is to be done before the work begins (E-05, E-07): set by the chair herself, or by the one above her. */
import { z } from 'zod';
import type { Database } from '../../adapters/database/database.ts';
import type { GuideReads } from '../../adapters/guide-reads/guide-reads.ts';
import type { Office } from '../../adapters/office-store/office-store.ts';
import {
  type ChecklistItem,
  ITEMS_OF_GUIDES,
  itemsFor,
  type OnboardingBook,
} from '../../adapters/onboarding/onboarding.ts';
import type { Events } from '../events/events.ts';
import type { Where } from '../events/recorder.ts';

const ticked = z.literal('yes').optional();
export const checklistForm = {
  client: ticked,
  video: ticked,
  algorithm: ticked,
  training: ticked,
} satisfies {
  [Item in ChecklistItem]: typeof ticked;
};
export type TickedItems = { readonly [Item in ChecklistItem]?: 'yes' | undefined };

export type ChecklistNeeds = {
  readonly database: Database;
  readonly onboarding: Pick<OnboardingBook, 'tick' | 'ticks'>;
  readonly guideReads: Pick<GuideReads, 'readBy'>;
  readonly events: Pick<Events, 'checklistTicked'>;
};

export type ChecklistLine = {
  readonly item: ChecklistItem;
  readonly done: boolean;
  /** By her reading the guide: nothing to tick. */
  readonly read: boolean;
  readonly at?: Date;
};

export async function checklistOf(
  { onboarding, guideReads }: Pick<ChecklistNeeds, 'onboarding' | 'guideReads'>,
  { id, accountId }: Pick<Office, 'id' | 'accountId'>,
  register: boolean,
): Promise<readonly ChecklistLine[]> {
  const [ticks, reads] = await Promise.all([onboarding.ticks(id), guideReads.readBy([accountId])]);
  const guides = reads.get(accountId);
  return itemsFor(register).map((item) => {
    const tick = ticks.get(item);
    const read = ITEMS_OF_GUIDES.some((guide) => guide === item) && guides?.has(item) === true;
    return { item, done: read || tick !== undefined, read, ...(tick && { at: tick.at }) };
  });
}

export async function tickChecklist(
  { database, onboarding, events }: ChecklistNeeds,
  where: Where,
  { id: officeId, accountId, organisation }: Office,
  typed: TickedItems,
  { by, register }: { readonly by: string; readonly register: boolean },
): Promise<void> {
  await database.transaction(async (tx) => {
    for (const item of itemsFor(register)) {
      const done = typed[item] === 'yes';
      if (!(await onboarding.tick(officeId, item, done, by, tx))) continue;
      const ticked = { by, organisationId: organisation.id, accountId, officeId, item, done };
      await events.checklistTicked(where, ticked, tx);
    }
  });
}
