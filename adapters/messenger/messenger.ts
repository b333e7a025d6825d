/** Hands one short message to whoever delivers SMS and PUSH. Who may be written to is decided elsewhere. */

export type ShortMessage = {
  /** The same message keeps its id over every try, so that it arrives once. */
  readonly id: string;
  readonly channel: 'sms' | 'push';
  /** A mobile number, E.164. */
  readonly to: string;
  readonly text: string;
};

export interface Messenger {
  /** Resolves when the message was taken over. Throws MessageRefused or MessengerUnavailable. */
  send(message: ShortMessage): Promise<void>;
}

/** This message will never be taken: trying again is in vain. */
export class MessageRefused extends Error {
  override name = 'MessageRefused';
}

export class MessengerUnavailable extends Error {
  override name = 'MessengerUnavailable';
}
