/** Hands one letter to the next mail server. Retries, priorities between letters and «never twice» are the queue's. */

export type Letter = {
  /** The same for the same letter: mail programs show two with one Message-ID once. */
  readonly id: string;
  /** One bare address, as the store has it. Never a list, never a display name. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** A hint to the recipient's mail program. */
  readonly priority?: 'high' | 'normal' | 'low';
  /** One POST there ends letters of this kind (RFC 8058). */
  readonly unsubscribeUrl?: string;
};

export interface Mailer {
  /**
   * Resolves with the answer of the next server, without addresses, when it has taken the letter over. Throws
   * AddressRefused or DeliveryFailed.
   */
  send(letter: Letter): Promise<string>;
}

/** Not one plain address; nothing was sent, and trying again is in vain. */
export class AddressRefused extends Error {
  override name = 'AddressRefused';

  constructor() {
    super('the recipient is not one plain e-mail address');
  }
}

/**
 * Whose fault it is that a letter was not taken. «letter»: another one may pass. «server»: nothing passes now.
 * «recipient»: this address takes no letters, and trying again is in vain.
 */
export type FailureKind = 'letter' | 'server' | 'recipient';

/** The letter was not taken. Carries codes only: what servers say in words holds addresses, and this gets logged. */
export class DeliveryFailed extends Error {
  override name = 'DeliveryFailed';
  readonly kind: FailureKind;
  /** The server will never take this letter (5xx): trying again is in vain. */
  readonly permanent: boolean;

  constructor(code: string, kind: FailureKind, permanent: boolean) {
    super(`the letter was not taken: ${code}`);
    this.kind = kind;
    this.permanent = permanent;
  }
}
