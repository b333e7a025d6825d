import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { ConsentEvent, ConsentEvents } from '../../../adapters/consent-events/consent-events.ts';
import { EventRefused, type Recipient, RecipientUnavailable } from '../../../adapters/recipient/recipient.ts';
import { tellAll } from '../../../provider/consents/deliver-consent-events.ts';

function outbox(...waiting: readonly [subject: string, type: ConsentEvent['type']][]) {
  const events = waiting.map(
    ([subject, type], index): ConsentEvent => ({ id: `e${index}`, subject, type, at: new Date(index) }),
  );
  const delivered = new Set<string>();
  const consentEvents: ConsentEvents = {
    append: async () => true,
    undelivered: async (_recipient, except, limit) =>
      events.filter(({ id, subject }) => !delivered.has(id) && !except.includes(subject)).slice(0, limit),
    async markDelivered(id) {
      delivered.add(id);
    },
  };
  return { consentEvents, delivered };
}

const telling = (consentEvents: ConsentEvents, tell: Recipient['tell']) =>
  tellAll({ consentEvents, name: 'finfort', recipient: { tell }, log: pino({ level: 'silent' }) });

it('tells everything in order, once', async () => {
  const { consentEvents, delivered } = outbox(['a', 'granted'], ['b', 'granted'], ['a', 'withdrawn']);
  const told: string[] = [];
  await telling(consentEvents, async ({ id }) => void told.push(id));
  await telling(consentEvents, async ({ id }) => void told.push(id));
  expect(told).toEqual(['e0', 'e1', 'e2']);
  expect(delivered.size).toBe(3);
});

it('stops where the recipient is away, and nothing overtakes', async () => {
  const { consentEvents, delivered } = outbox(['a', 'granted'], ['b', 'granted'], ['a', 'withdrawn']);
  await expect(
    telling(consentEvents, async ({ id }) => {
      if (id === 'e1') throw new RecipientUnavailable('503');
    }),
  ).rejects.toThrow(RecipientUnavailable);
  expect([...delivered]).toEqual(['e0']);
});

it('goes on with other people when one event is refused, and keeps that person’s in order', async () => {
  const { consentEvents, delivered } = outbox(
    ['a', 'granted'],
    ['b', 'granted'],
    ['a', 'withdrawn'],
    ['b', 'withdrawn'],
  );
  await telling(consentEvents, async ({ id }) => {
    if (id === 'e0') throw new EventRefused('400');
  });
  expect([...delivered]).toEqual(['e1', 'e3']);
});
