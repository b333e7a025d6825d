/** Addresses judged before anything is saved: for a form that is still being filled in. */
import { z } from 'zod';
import { INTEGRATION_KINDS } from '../../../adapters/integration-store/integration-store.ts';
import { ADDRESS_USES, addressFault } from '../../integrations/addresses.ts';
import { type Operation, operation } from '../operation.ts';

const MOST = 100;

export type AddressCheckNeeds = { readonly sandbox: boolean };

export function addressCheckOperations({ sandbox }: AddressCheckNeeds): readonly Operation[] {
  return [
    operation({
      id: 'checkAddresses',
      tag: 'integrations',
      summary: 'Whether these addresses may be registered, and why not',
      method: 'POST',
      path: '/address-checks',
      scope: 'integrations:read',
      effect: 'reads',
      body: z.strictObject({
        kind: z.enum(INTEGRATION_KINDS),
        site: z.string().max(2_000),
        addresses: z
          .array(z.strictObject({ use: z.enum(ADDRESS_USES), uri: z.string().max(5_000) }))
          .max(MOST),
      }),
      told: {
        status: 200,
        shape: z.object({
          results: z.array(
            z.object({
              uri: z.string(),
              ok: z.boolean(),
              code: z.string().optional(),
              detail: z.string().optional(),
            }),
          ),
        }),
      },
      async handle({ body: { kind, site, addresses }, t }) {
        const rules = { native: kind === 'native', sandbox, intranet: false, site };
        const results = addresses.map(({ use, uri }) => {
          const fault = addressFault(uri, { ...rules, use });
          if (!fault) return { uri, ok: true };
          const { code, expected = '' } = fault;
          return { uri, ok: false, code, detail: t(`api.address.${code}`, { expected }) };
        });
        return { body: { results } };
      },
    }),
  ];
}
