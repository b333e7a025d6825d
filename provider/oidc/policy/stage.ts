/** Who may sign in to an application that is still being tried out: its owner and whom she named by address. */
import { interactionPolicy } from 'oidc-provider';
import type { IntegrationTesters } from '../../../adapters/integration-store/integration-store.ts';
import { parseEmailAddress } from '../../data-rules/email-address.ts';
import { isInTest } from '../client/stage.ts';
import type { LoadedAccount } from '../find-account.ts';

const { Check, Prompt } = interactionPolicy;

export function stagePrompt(testers: Pick<IntegrationTesters, 'admits'>) {
  return new Prompt(
    { name: 'stage', requestable: false },
    new Check(
      'not_open_yet',
      'the application is still being tried out',
      'access_denied',
      async ({ oidc }) => {
        const { client } = oidc;
        const account = (oidc.account as LoadedAccount | undefined)?.account;
        if (!client || !account || !isInTest(client)) return Check.NO_NEED_TO_PROMPT;
        const email = parseEmailAddress(account.verifiedEmail ?? '');
        const person = { accountId: account.id, ...(email.ok && { email: email.key }) };
        return (await testers.admits(client.clientId, person))
          ? Check.NO_NEED_TO_PROMPT
          : Check.REQUEST_PROMPT;
      },
    ),
  );
}
