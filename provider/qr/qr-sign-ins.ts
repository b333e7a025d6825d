/**
 * A computer asks, a phone answers, once: «may this screen go on as you?». The secret in the QR code leads to the question;
 * the answer is taken by the browser alone that asked, because it holds a key that was never on the screen.
 */
import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type Cipher, CipherError } from '../../adapters/cipher/cipher.ts';
import { AlreadyConsumed, type Artefacts, type Storage } from '../../adapters/storage/storage.ts';
import { freshLink } from '../login/fresh-secret.ts';
import { freshSpokenCode } from '../login/spoken-code.ts';

/** Long enough to find the phone, too short to send the picture around. */
export const QR_SECONDS = 3 * 60;
const CHOICES = 3;
const CODE_CONTEXT = 'qr-code';

const questionShape = z.object({
  /** The interaction that waits. */
  uid: z.string(),
  clientId: z.string(),
  /** Hash of the key in the computer's cookie. */
  browser: z.string(),
  device: z.string(),
  network: z.string(),
  /** Shown on the computer; the phone names it among the choices. */
  number: z.int(),
  choices: z.array(z.int()),
  /** The spoken code, for whoever cannot scan. */
  code: z.string(),
  /** Seconds since the epoch: a sign-in on the phone that is older does not answer. */
  notBefore: z.int(),
  consumed: z.number().optional(),
});
export type QrQuestion = z.output<typeof questionShape>;

const answerShape = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('confirmed'),
    accountId: z.string(),
    acr: z.string().optional(),
    amr: z.array(z.string()),
    /** When she signed in on the phone. */
    since: z.int(),
  }),
  z.object({ kind: z.literal('refused') }),
  z.object({ kind: z.literal('wrong_number') }),
]);
export type QrAnswer = z.output<typeof answerShape>;

/** What the computer keeps in its cookie. */
export type QrClaim = { readonly secret: string; readonly key: string };
type Asked = Pick<QrQuestion, 'uid' | 'clientId' | 'device' | 'network' | 'notBefore'>;

export type QrSignIns = {
  ask(asked: Asked): Promise<QrClaim>;
  /** Answered ones bear a `consumed` mark; undefined when it is over. */
  question(secret: string): Promise<QrQuestion | undefined>;
  /** The secret that a spoken code stands for. */
  secretOf(code: string): Promise<string | undefined>;
  /** False when somebody has answered before: of parallel answers one counts. */
  answer(secret: string, answer: QrAnswer): Promise<boolean>;
  /** The question of this browser and this interaction, and its answer if there is one. */
  look(claim: QrClaim, uid: string): Promise<{ question: QrQuestion; answer?: QrAnswer } | undefined>;
  /** True for whoever takes the answer first. */
  take({ secret }: QrClaim): Promise<boolean>;
};

export function qrSignIns(storage: Storage, cipher: Cipher): QrSignIns {
  const questions = storage('QrQuestion');
  const answers = storage('QrAnswer');
  const codes = storage('QrCode');

  const question: QrSignIns['question'] = async (secret) => {
    const found = await questions.find(secret);
    return found && questionShape.parse(found);
  };

  return {
    question,
    async ask(asked) {
      const claim = { secret: freshLink(), key: randomBytes(32).toString('base64url') };
      const code = freshSpokenCode();
      const choices = twoDigitNumbers();
      const number = choices[randomInt(CHOICES)] as number;
      const full: Omit<QrQuestion, 'consumed'> = {
        ...asked,
        browser: hashOf(claim.key),
        number,
        choices,
        code,
      };
      await questions.upsert(claim.secret, full, QR_SECONDS);
      await codes.upsert(code, { sealed: cipher.seal(claim.secret, CODE_CONTEXT) }, QR_SECONDS);
      return claim;
    },
    async secretOf(code) {
      const sealed = (await codes.find(code))?.sealed;
      if (typeof sealed !== 'string') return undefined;
      try {
        return cipher.open(sealed, CODE_CONTEXT);
      } catch (error) {
        if (error instanceof CipherError) return undefined;
        throw error;
      }
    },
    async answer(secret, answer) {
      if (!(await consumed(questions, secret))) return false;
      await answers.upsert(secret, answer, QR_SECONDS);
      return true;
    },
    async look({ secret, key }, uid) {
      const asked = await question(secret);
      if (!asked || asked.uid !== uid || !isSame(asked.browser, hashOf(key))) return undefined;
      const found = asked.consumed === undefined ? undefined : await answers.find(secret);
      return { question: asked, ...(found && { answer: answerShape.parse(found) }) };
    },
    take: ({ secret }) => consumed(answers, secret),
  };
}

async function consumed(artefacts: Artefacts, id: string): Promise<boolean> {
  try {
    await artefacts.consume(id);
    return true;
  } catch (error) {
    if (error instanceof AlreadyConsumed) return false;
    throw error;
  }
}

function twoDigitNumbers(): number[] {
  const numbers = new Set<number>();
  while (numbers.size < CHOICES) numbers.add(randomInt(10, 100));
  return [...numbers];
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');
const isSame = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** Names a question in a form without giving its secret. */
export const markOf = (secret: string): string => hashOf(`mark:${secret}`).slice(0, 22);
