/**
 * What may be missing before a code is issued, in order: who is there and how sure we are, are the services open to her,
 * may she come in – to ЭПОС, and as whom; to a portal of members –, has she signed what it lives on, and has she agreed.
 */
import { type Client, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { Account } from '../../adapters/account-store/account-store.ts';
import { CABINET_CLIENT_ID } from '../cabinet/enter.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import type { Admissions } from './admissions.ts';
import { membershipOf } from './claims.ts';
import { admits } from './client-rules.ts';
import type { LoadedAccount } from './find-account.ts';
import type { documentPrompt } from './policy/documents.ts';
import { educationPrompt, rolePrompt } from './policy/education.ts';
import { entranceChecks } from './policy/entrance.ts';
import { HINT_CHECK, hintCheck } from './policy/hint.ts';
import { NATIVE_CHECK, nativeCheck } from './policy/native.ts';
import type { officePrompt } from './policy/offices.ts';
import type { reviewCheck } from './policy/review.ts';
import type { staffRolesPrompt } from './policy/staff-roles.ts';
import type { stagePrompt } from './policy/stage.ts';

const { Check, Prompt, base } = interactionPolicy;

/** Names of the prompts, each with its page. */
export type PromptName =
  | 'login'
  | 'services'
  | 'education'
  | 'role'
  | 'stage'
  | 'membership'
  | 'staff_role'
  | 'office'
  | 'documents'
  | 'consent';

export function policy(
  admissions: Admissions,
  upstreams: Pick<Upstreams, 'offers'>,
  document: ReturnType<typeof documentPrompt>,
  applications: {
    readonly stage: ReturnType<typeof stagePrompt>;
    readonly review: ReturnType<typeof reviewCheck>;
    readonly staffRoles: ReturnType<typeof staffRolesPrompt>;
    readonly office: ReturnType<typeof officePrompt>;
  },
  subjectOf: (client: Client, accountId: string) => string,
) {
  const prompts = base();
  const login = prompts.get('login');
  login?.checks.remove(HINT_CHECK);
  login?.checks.add(hintCheck(subjectOf));
  // A session whose account was locked or closed meanwhile counts as nobody's.
  login?.checks.add(
    new Check('account_unavailable', 'the account may not be used', 'login_required', (ctx) =>
      ctx.oidc.session?.accountId !== undefined && ctx.oidc.account === undefined
        ? Check.REQUEST_PROMPT
        : Check.NO_NEED_TO_PROMPT,
    ),
  );
  for (const check of entranceChecks(upstreams)) login?.checks.add(check);
  login?.checks.add(applications.review);
  prompts.add(
    new Prompt(
      { name: 'services', requestable: false },
      new Check('services_ended', 'the person has withdrawn her consent', 'access_denied', (ctx) =>
        areServicesOpen(ctx) ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT,
      ),
    ),
    1,
  );
  prompts.add(educationPrompt(admissions), 2);
  prompts.add(rolePrompt(admissions), 3);
  prompts.add(applications.stage, 4);
  prompts.add(
    new Prompt(
      { name: 'membership', requestable: false },
      new Check('membership_required', 'the portal is for members of the union', 'access_denied', (ctx) =>
        isAdmitted(ctx) ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT,
      ),
    ),
    5,
  );
  prompts.add(applications.staffRoles, 6);
  prompts.add(applications.office, 7);
  prompts.add(document, 8);
  const consent = prompts.get('consent');
  consent?.checks.remove(NATIVE_CHECK);
  consent?.checks.add(nativeCheck());
  return prompts;
}

/** The cabinet stays open: the consent is given again there, and the evidence of it is to be seen. */
function areServicesOpen(ctx: KoaContextWithOIDC): boolean {
  return accountOf(ctx)?.servicesEndedAt === undefined || ctx.oidc.client?.clientId === CABINET_CLIENT_ID;
}

function isAdmitted(ctx: KoaContextWithOIDC): boolean {
  const account = accountOf(ctx);
  const { client } = ctx.oidc;
  return account === undefined || client === undefined || admits(client, membershipOf(account));
}

function accountOf(ctx: KoaContextWithOIDC): Account | undefined {
  return (ctx.oidc.account as LoadedAccount | undefined)?.account;
}
