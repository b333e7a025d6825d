/** Who the caller is, as far as the pages of «Для разработчиков» need it. */
import { z } from 'zod';
import type { StaffStore } from '../../../adapters/staff-store/staff-store.ts';
import { maskEmailAddress } from '../../data-rules/email-address.ts';
import { type Operation, operation } from '../operation.ts';

export type AccountOperationNeeds = { readonly staff: Pick<StaffStore, 'has'> };

export function accountOperations({ staff }: AccountOperationNeeds): readonly Operation[] {
  return [
    operation({
      id: 'readMe',
      tag: 'account',
      summary: 'Who is signed in, and whether she may review',
      method: 'GET',
      path: '/me',
      scope: 'integrations:read',
      effect: 'reads',
      told: { status: 200, shape: z.object({ sub_hint: z.string(), is_reviewer: z.boolean() }) },
      async handle({ caller: { account } }) {
        const { name, verifiedEmail } = account;
        const hint = name ? `${name.family} ${name.given}` : maskEmailAddress(verifiedEmail ?? '');
        return { body: { sub_hint: hint, is_reviewer: await staff.has(account.id, 'administrator') } };
      },
    }),
  ];
}
