/** Hands one letter to the next mail server. Retries, priorities between letters and «never twice» are the queue's. */

export type Letter = {
  /** One bare address, as the store has it. Never a list, never a display name. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** A hint to the recipient's mail program. */
  readonly priority?: 'high' | 'normal' | 'low';
};

export interface Mailer {
  /** Resolves when the next server has taken the letter over. Throws AddressRefused or DeliveryFailed. */
  send(letter: Letter): Promise<void>;
}

/** Not one plain address; nothing was sent, and trying again is in vain. */
export class AddressRefused extends Error {
  override name = 'AddressRefused';

  constructor() {
    super('the recipient is not one plain e-mail address');
  }
}

/** The letter was not taken. Carries codes only: what servers say in words holds addresses, and this gets logged. */
export class DeliveryFailed extends Error {
  override name = 'DeliveryFailed';
  /** The server will never take this letter (5xx): trying again is in vain. */
  readonly permanent: boolean;

  constructor(code: string, permanent: boolean) {
    super(`the letter was not taken: ${code}`);
    this.permanent = permanent;
  }
}
