/** The operator of SMS and PUSH as the gateway sees it: takes short messages and delivers them to nobody. */
import { z } from 'zod';
import { type Catcher, startCatcher } from './catcher.ts';

const message = z.strictObject({
  id: z.string(),
  channel: z.enum(['sms', 'push']),
  to: z.string(),
  text: z.string(),
});

export function startMessageCatcher(port: number, token: string): Promise<Catcher> {
  return startCatcher({
    port,
    token,
    shape: message,
    title: 'SMS и PUSH (ловушка)',
    about: 'Сообщения никому не доставляются.',
    line: ({ channel, to, text }) => [channel.toUpperCase(), to, text],
  });
}
