/**
 * Our part of WebAuthn: what browsers are asked for, and what their answers prove. The relying party is the host of the
 * issuer; the person must be recognised by the device, and the key must be able to say whose it is.
 */
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { z } from 'zod';
import type { Account } from '../../adapters/account-store/account-store.ts';
import type {
  NewPasskey,
  PasskeyCredential,
  Passkeys,
  Protections,
} from '../../adapters/authenticators/authenticators.ts';
import { amrOfPasskey } from '../login/assurance.ts';
import type { Amr } from '../login/login-method.ts';
import { CHALLENGE_SECONDS, type Challenges, type Holder } from './challenges.ts';

/** ES256, EdDSA and RS256: one of them every device has. */
const ALGORITHMS = [-7, -8, -257];
const RP_NAME = 'Единый вход Профсоюза';
const NAMELESS = 'Личный кабинет';

export type PasskeyProof =
  | { readonly kind: 'proved'; readonly accountId: string; readonly amr: readonly Amr[] }
  /** `refused`: not for this page, too late, or no answer of that key. */
  | { readonly kind: 'unknown' | 'refused' };

export type PasskeyParty = {
  /** Of whoever has one; of one account, only hers. */
  askToProve(holder: Holder, accountId?: string): Promise<object>;
  prove(holder: Holder, answer: string): Promise<PasskeyProof>;
  askToAdd(holder: Holder, account: Account): Promise<object>;
  /** Undefined when the answer is none, or the challenge is another's or over. */
  readAdded(holder: Holder, answer: string, accountId: string): Promise<Omit<NewPasskey, 'name'> | undefined>;
};

export type PasskeyPartyNeeds = {
  readonly issuer: string;
  readonly passkeys: Pick<Passkeys, 'credentialsOf' | 'find' | 'used'>;
  readonly protections: Pick<Protections, 'userHandleOf' | 'stopMailCounting'>;
  readonly challenges: Challenges;
};

/** As browsers send it (WebAuthn §5.1.8); the library looks at the rest. */
const answerShape = z.looseObject({
  id: z.string().min(1).max(2_000),
  response: z.looseObject({ clientDataJSON: z.string(), userHandle: z.string().optional() }),
});
type Answer = z.output<typeof answerShape>;

export function passkeyParty({ issuer, passkeys, protections, challenges }: PasskeyPartyNeeds): PasskeyParty {
  const { origin, hostname: rpID } = new URL(issuer);
  const timeout = CHALLENGE_SECONDS * 1_000;
  const expected = { expectedOrigin: origin, expectedRPID: rpID, requireUserVerification: true };
  const known = (credentials: readonly PasskeyCredential[]) =>
    credentials.map(({ credentialId: id, transports }) => ({ id, transports: [...transports] }));

  /** Takes the challenge whatever comes of the answer. */
  const read = async (holder: Holder, text: string) => {
    const answer = answerOf(text);
    const challenge = answer && challengeOf(answer);
    const isDue = challenge !== undefined && (await challenges.take(challenge, holder));
    return answer && isDue ? { answer, expectedChallenge: challenge } : undefined;
  };

  return {
    async askToProve(holder, accountId) {
      const own = accountId === undefined ? [] : await passkeys.credentialsOf(accountId);
      return generateAuthenticationOptions({
        ...{ rpID, timeout, userVerification: 'required', allowCredentials: known(own) },
        challenge: bytesOf(await challenges.issue(holder)),
      });
    },

    async prove(holder, text) {
      const due = await read(holder, text);
      if (!due) return { kind: 'refused' };
      const credential = await passkeys.find(due.answer.id);
      if (!credential) return { kind: 'unknown' };
      const { id, accountId, publicKey, userHandle, credentialId } = credential;
      // WebAuthn §7.2, 6: the key itself says whose it is.
      const { userHandle: told } = due.answer.response;
      if (told !== undefined && told !== userHandle) return { kind: 'refused' };
      const verified = await judged(() =>
        verifyAuthenticationResponse({
          ...expected,
          expectedChallenge: due.expectedChallenge,
          response: due.answer as never,
          // The store compares the counters in the statement that keeps the new one.
          credential: { id: credentialId, publicKey, counter: 0 },
        }),
      );
      if (!verified?.verified) return { kind: 'refused' };
      const { newCounter, credentialBackedUp, credentialDeviceType } = verified.authenticationInfo;
      if (!(await passkeys.used(id, newCounter, credentialBackedUp))) return { kind: 'refused' };
      await protections.stopMailCounting(accountId);
      return { kind: 'proved', accountId, amr: amrOfPasskey(credentialDeviceType === 'multiDevice') };
    },

    async askToAdd(holder, { id, verifiedEmail = NAMELESS }) {
      const handle = await protections.userHandleOf(id);
      return generateRegistrationOptions({
        ...{ rpID, rpName: RP_NAME, timeout, attestationType: 'none', supportedAlgorithmIDs: ALGORITHMS },
        ...{ userName: verifiedEmail, userDisplayName: verifiedEmail, userID: bytesOf(handle) },
        challenge: bytesOf(await challenges.issue(holder)),
        excludeCredentials: known(await passkeys.credentialsOf(id)),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      });
    },

    async readAdded(holder, text, accountId) {
      const due = await read(holder, text);
      const verified =
        due &&
        (await judged(() =>
          verifyRegistrationResponse({
            ...expected,
            expectedChallenge: due.expectedChallenge,
            response: due.answer as never,
            supportedAlgorithmIDs: ALGORITHMS,
          }),
        ));
      if (!verified?.verified) return undefined;
      const { credential, credentialDeviceType, credentialBackedUp: backedUp } = verified.registrationInfo;
      const { id: credentialId, publicKey, counter, transports = [] } = credential;
      const syncable = credentialDeviceType === 'multiDevice';
      return { accountId, credentialId, publicKey, counter, transports, syncable, backedUp };
    },
  };
}

/** The library throws at whatever is not as it should be: nothing here but the answer can be at fault. */
async function judged<T>(verify: () => Promise<T>): Promise<T | undefined> {
  try {
    return await verify();
  } catch {
    return undefined;
  }
}

function answerOf(text: string): Answer | undefined {
  return answerShape.safeParse(jsonOf(text)).data;
}

/** What was signed says for which challenge; whether the signature is right is another question. */
function challengeOf({ response: { clientDataJSON } }: Answer): string | undefined {
  const told = jsonOf(Buffer.from(clientDataJSON, 'base64url').toString());
  return z.looseObject({ challenge: z.string().min(1).max(200) }).safeParse(told).data?.challenge;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'base64url'));
