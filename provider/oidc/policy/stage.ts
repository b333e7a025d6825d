/** Who may sign in to an application that is still being tried out: its owner and whom she named by address. */
import { type Client, interactionPolicy } from 'oidc-provider';
import type { Account } from '../../../adapters/account-store/account-store.ts';
import type { IntegrationTesters } from '../../../adapters/integration-store/integration-store.ts';
import { parseEmailAddress } from '../../data-rules/email-address.ts';
import { isInTest } from '../client/stage.ts';
import type { LoadedAccount } from '../find-account.ts';

const { Check, Prompt } = interactionPolicy;

export type Testers = Pick<IntegrationTesters, 'admits'>;

/** Whoever she took off the list is one no longer, whatever tokens there are. */
export async function isLetIn(testers: Testers, client: Client, account: Account): Promise<boolean> {
  if (!isInTest(client)) return true;
  const email = parseEmailAddress(account.verifiedEmail ?? '');
  return testers.admits(client.clientId, { accountId: account.id, ...(email.ok && { email: email.key }) });
}

export function stagePrompt(testers: Testers) {
  return new Prompt(
    { name: 'stage', requestable: false },
    new Check(
      'not_open_yet',
      'the application is still being tried out',
      'access_denied',
      async ({ oidc }) => {
        const { client } = oidc;
        const account = (oidc.account as LoadedAccount | undefined)?.account;
        if (!client || !account) return Check.NO_NEED_TO_PROMPT;
        return (await isLetIn(testers, client, account)) ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT;
      },
    ),
  );
}
