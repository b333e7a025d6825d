/** The open channels as a table beside the consents they follow from. */
import { createHash } from 'node:crypto';
import type { Queryable } from '../database/database.ts';
import type { Channel, Sender } from '../document-store/document-store.ts';
import { CHANNELS, type ClosedBy, type MessageChannel, type MessageChannels } from './message-channels.ts';

type Row = {
  channel: Channel;
  senders: Sender[];
  opened_at: Date;
  closed_at: Date | null;
  closed_by: ClosedBy | null;
};

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

export function postgresMessageChannels(database: Queryable): MessageChannels {
  return {
    async channelsOf(id) {
      const rows = await database.query<Row>(
        `select channel, senders, opened_at, closed_at, closed_by from message_channel
          where account_id = $1 order by channel`,
        [id],
      );
      return rows.map(toChannel);
    },
    async open(id, { channels, senders, at, tokenOf }, within) {
      for (const channel of channels) {
        await within.query(
          `insert into message_channel (account_id, channel, senders, token_hash, opened_at)
           values ($1, $2, $3, $4, $5)
           on conflict (account_id, channel) do update
             set senders = excluded.senders, opened_at = excluded.opened_at, closed_at = null, closed_by = null
           where excluded.opened_at > coalesce(message_channel.closed_at, message_channel.opened_at)`,
          [id, channel, [...senders], hashOf(tokenOf(channel)), at],
        );
      }
      const others = CHANNELS.filter((channel) => !channels.includes(channel));
      await within.query(
        `update message_channel set closed_at = $3, closed_by = 'new_consent'
          where account_id = $1 and channel = any ($2) and closed_at is null and opened_at < $3`,
        [id, others, at],
      );
    },
    async closeAll(id, at, by, within) {
      await within.query(
        `update message_channel set closed_at = $2, closed_by = $3
          where account_id = $1 and closed_at is null and opened_at <= $2`,
        [id, at, by],
      );
    },
    async closeByToken(token, within) {
      const [row] = await within.query<{ accountId: string; channel: Channel }>(
        `update message_channel set closed_at = now(), closed_by = 'link'
          where token_hash = $1 and closed_at is null returning account_id as "accountId", channel`,
        [hashOf(token)],
      );
      return row;
    },
  };
}

function toChannel({ channel, senders, opened_at, closed_at, closed_by }: Row): MessageChannel {
  return {
    channel,
    senders,
    openedAt: opened_at,
    ...(closed_at !== null && closed_by !== null && { closed: { at: closed_at, by: closed_by } }),
  };
}
