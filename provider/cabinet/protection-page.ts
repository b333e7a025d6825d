/** What «Защита входа» shows: how she proves herself first, and then what there is to be changed. */
import type {
  CodeApp,
  CodeApps,
  Passkey,
  Passkeys,
  Protection,
  Protections,
} from '../../adapters/authenticators/authenticators.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { OneTimeSecrets } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import { STAFF_ROLES, type StaffStore } from '../../adapters/staff-store/staff-store.ts';
import type { DeviceKind } from '../events/protection.ts';
import type { ProofForms } from '../http/screens/protection.ts';
import type { Screens } from '../http/screens/screens.ts';
import { maskedEmail } from '../interactions/link-code.ts';
import { ACR, reaches } from '../login/assurance.ts';
import { lastResortOf } from '../second-factor/lost-factors.ts';
import { outlivesLoss } from '../second-factor/outlives-loss.ts';
import { doesMailProve, type RecentProofs } from '../second-factor/prove-again.ts';
import type { WaysBack } from '../second-factor/ways-back.ts';
import type { Visitor } from './enter.ts';

export const PROTECTION = '/cabinet/protection';
/** Of whoever sees everybody, when she was not on her way to any other page of it. */
const UNION_DESK = '/operator';
export const PROOF_PURPOSE = 'protection';

export type ProtectionPageNeeds = {
  readonly codeApps: Pick<CodeApps, 'of'>;
  readonly passkeys: Pick<Passkeys, 'of'>;
  readonly protections: Pick<Protections, 'of'>;
  readonly recentProofs: RecentProofs;
  readonly secrets: Pick<OneTimeSecrets, 'issuedAt'>;
  readonly staff: Pick<StaffStore, 'has'>;
  readonly waysBack: Pick<WaysBack, 'of'>;
  readonly clock: Clock;
};

type Page = Omit<Screens['cabinet/protection'], 'problem' | 'notice' | 'typedName'>;

export async function protectionPage(needs: ProtectionPageNeeds, visitor: Visitor): Promise<Page> {
  const { id } = visitor.account;
  const [protection, codeApps, passkeys, ...roles] = await Promise.all([
    needs.protections.of(id),
    needs.codeApps.of(id),
    needs.passkeys.of(id),
    ...STAFF_ROLES.map((role) => needs.staff.has(id, role)),
  ]);
  const { recoveryCodes, alwaysAsked, mailCountsAt } = protection;
  const isProved = await needs.recentProofs.stands(visitor, protection);
  const isReady = reaches(visitor.session.acr, ACR.confirmed) || outlivesLoss(protection);
  return {
    ...(roles.includes(true) && {
      staff: isReady ? 'ready' : 'lacking',
      workPath: (await needs.waysBack.of(visitor.session.uid)) ?? UNION_DESK,
    }),
    ...(!isProved && { proof: await proofForms(needs, visitor, protection) }),
    passkeys: passkeys.map((key) => ({ ...deviceOf('passkey', key), syncable: key.syncable })),
    codeApps: codeApps.map((app) => deviceOf('code_app', app)),
    ...{ recoveryCodes, alwaysAsked, mayAskAlways: outlivesLoss(protection) },
    ...(mailCountsAt && { mailCountsAt }),
    addPasskey: { action: `${PROTECTION}/passkeys`, optionsAction: `${PROTECTION}/passkeys/options` },
  };
}

export const pathOfDevice = (kind: DeviceKind, id: string): string => `${PROTECTION}/${kind}/${id}/remove`;

function deviceOf(kind: DeviceKind, { id, name, addedAt, usedAt }: CodeApp | Passkey) {
  return { name, addedAt, ...(usedAt && { usedAt }), removePath: pathOfDevice(kind, id) };
}

async function proofForms(
  needs: ProtectionPageNeeds,
  { account }: Visitor,
  protection: Protection,
): Promise<ProofForms> {
  const { codeApps, passkeys, recoveryCodes } = protection;
  const { id, verifiedEmail } = account;
  const prove = `${PROTECTION}/prove`;
  const isByMail = doesMailProve(protection, needs.clock.now());
  const isCoded = isByMail && (await needs.secrets.issuedAt(PROOF_PURPOSE, id)) !== undefined;
  const lastResort = isByMail ? undefined : await lastResortOf(needs, account);
  return {
    ...(passkeys > 0 && {
      passkey: { action: `${prove}/passkey`, optionsAction: `${prove}/passkey/options` },
    }),
    ...(codeApps > 0 && { appAction: `${prove}/app` }),
    ...(recoveryCodes > 0 && { recoveryAction: `${prove}/recovery` }),
    ...(isByMail &&
      verifiedEmail !== undefined && {
        mail: {
          email: maskedEmail(verifiedEmail),
          sendAction: `${prove}/send`,
          ...(isCoded && { codeAction: `${prove}/mailed` }),
        },
      }),
    ...(isByMail &&
      verifiedEmail === undefined && {
        signInPath: `/cabinet/prove?room=${encodeURIComponent(PROTECTION)}`,
      }),
    ...(lastResort !== undefined && { lostPath: `${PROTECTION}/lost` }),
  };
}
