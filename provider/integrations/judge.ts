/** Everything that can be wrong with what a developer says of her application, all of it at once, each with its place. */
import type { IntegrationKind } from '../../adapters/integration-store/integration-store.ts';
import { type AddressFaultCode, type AddressUse, addressFault } from './addresses.ts';
import { type KeyFault, keysFault } from './keys.ts';
import { AUTHENTICATIONS_OF, type IntegrationFields, isRedirected } from './metadata.ts';

export type FieldFault = {
  /** RFC 6901. */
  readonly pointer: string;
  /** Of the catalogue, below `api`. */
  readonly code: `address.${AddressFaultCode}` | `keys.${KeyFault}` | `field.${FieldFaultCode}`;
  readonly expected?: string;
};

export type FieldFaultCode =
  | 'authentication_of_kind'
  | 'redirect_needed'
  | 'redirect_not_used'
  | 'keys_needed'
  | 'keys_not_used'
  | 'keys_both_ways'
  | 'twice'
  | 'site_not_origin'
  | 'secret_first'
  | 'our_site'
  | 'reviewed'
  | 'under_review'
  | 'email'
  | 'metadata';

export type JudgeRules = {
  readonly sandbox: boolean;
  /** Let in among the redirect addresses, beside one of the application's own (try-address.ts). */
  readonly tryAddress?: string | undefined;
  /** Our own host is nobody's: no application answers there, nor speaks in our name. */
  readonly issuer?: string;
};

export function fieldFaults(
  kind: IntegrationKind,
  fields: IntegrationFields,
  rules: JudgeRules,
): readonly FieldFault[] {
  return [
    ...siteFaults(fields, rules),
    ...addressFaults(kind, fields, rules),
    ...redirectFaults(kind, fields, rules),
    ...authenticationFaults(kind, fields),
  ];
}

const isOurHost = (uri: string, { issuer }: JudgeRules): boolean =>
  issuer !== undefined && URL.parse(uri)?.host === new URL(issuer).host;

function siteFaults({ site }: IntegrationFields, rules: JudgeRules): readonly FieldFault[] {
  const { sandbox } = rules;
  const fault = addressFault(site, { use: 'site', native: false, sandbox, intranet: false });
  if (fault) return [{ pointer: '/site', ...named(fault) }];
  if (isOurHost(site, rules)) return [{ pointer: '/site', code: 'field.our_site' }];
  const { origin } = new URL(site);
  return site === origin || site === `${origin}/`
    ? []
    : [{ pointer: '/site', code: 'field.site_not_origin', expected: origin }];
}

function addressFaults(
  kind: IntegrationKind,
  fields: IntegrationFields,
  judged: JudgeRules,
): readonly FieldFault[] {
  const { sandbox, tryAddress } = judged;
  const rules = { native: kind === 'native', sandbox, intranet: false, site: fields.site };
  const judge = (pointer: string, use: AddressUse, uri: string | undefined): readonly FieldFault[] => {
    const isOurs = use === 'redirect' && uri === tryAddress;
    const fault = uri === undefined || isOurs ? undefined : addressFault(uri, { ...rules, use });
    if (fault) return [{ pointer, ...named(fault) }];
    return uri !== undefined && isOurHost(uri, judged) ? [{ pointer, code: 'field.our_site' }] : [];
  };
  const each = (name: 'redirect_uris' | 'post_logout_redirect_uris', use: AddressUse) =>
    fields[name].flatMap((uri, at): readonly FieldFault[] =>
      fields[name].indexOf(uri) < at
        ? [{ pointer: `/${name}/${at}`, code: 'field.twice' }]
        : judge(`/${name}/${at}`, use, uri),
    );
  return [
    ...each('redirect_uris', 'redirect'),
    ...each('post_logout_redirect_uris', 'post_logout'),
    ...judge('/backchannel_logout_uri', 'backchannel_logout', fields.backchannel_logout_uri),
    ...judge('/initiate_login_uri', 'initiate_login', fields.initiate_login_uri),
    ...judge('/jwks_uri', 'jwks', fields.jwks_uri),
  ];
}

const named = ({ code, expected }: { code: AddressFaultCode; expected?: string }) => ({
  code: `address.${code}` as const,
  ...(expected !== undefined && { expected }),
});

function redirectFaults(
  kind: IntegrationKind,
  { redirect_uris }: IntegrationFields,
  { tryAddress }: JudgeRules,
): readonly FieldFault[] {
  const pointer = '/redirect_uris';
  if (isRedirected(kind)) {
    const hasOwn = redirect_uris.some((uri) => uri !== tryAddress);
    return hasOwn ? [] : [{ pointer, code: 'field.redirect_needed' }];
  }
  return redirect_uris.length > 0 ? [{ pointer, code: 'field.redirect_not_used' }] : [];
}

function authenticationFaults(kind: IntegrationKind, fields: IntegrationFields): readonly FieldFault[] {
  const { authentication, jwks, jwks_uri } = fields;
  if (!AUTHENTICATIONS_OF[kind].includes(authentication)) {
    const expected = AUTHENTICATIONS_OF[kind].join(', ');
    return [{ pointer: '/authentication', code: 'field.authentication_of_kind', expected }];
  }
  if (jwks && jwks_uri !== undefined) return [{ pointer: '/jwks_uri', code: 'field.keys_both_ways' }];
  const hasKeys = jwks !== undefined || jwks_uri !== undefined;
  if (authentication === 'keys' && !hasKeys) return [{ pointer: '/jwks', code: 'field.keys_needed' }];
  if (authentication !== 'keys' && hasKeys) {
    return [{ pointer: jwks ? '/jwks' : '/jwks_uri', code: 'field.keys_not_used' }];
  }
  const fault = jwks && keysFault(jwks);
  if (!fault) return [];
  return [
    { pointer: fault.at === undefined ? '/jwks' : `/jwks/keys/${fault.at}`, code: `keys.${fault.code}` },
  ];
}
