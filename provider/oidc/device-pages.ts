/** The pages of the device flow (RFC 8628 §3.3): the code is typed in, the device is confirmed, and it is done. */
import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { GatewayContext } from '../http/context.ts';
import { deviceOf } from '../http/device.ts';
import type { ProblemCode } from '../http/texts.ts';
import { looksLikeSpokenCode } from '../login/spoken-code.ts';
import { clientName } from './client-rules.ts';
import { typedIn } from './device-entry.ts';

type Both = KoaContextWithOIDC & GatewayContext;
const both = (ctx: KoaContextWithOIDC): Both => ctx as unknown as Both;

/** The library's names of what may be wrong with a code that was typed in. */
const PROBLEMS: Readonly<Record<string, ProblemCode>> = {
  NoCodeError: 'device_code_missing',
  NotFoundError: 'device_code_unknown',
  ExpiredError: 'device_code_expired',
  AlreadyUsedError: 'device_code_used',
};

/** The library's forms carry a token against foreign pages; ours carry the same one. */
function formOf(ctx: KoaContextWithOIDC) {
  const { secret = '' } = (ctx.oidc.session?.state ?? {}) as { secret?: string };
  return { action: ctx.oidc.urlFor('code_verification'), xsrf: secret };
}

/** Where the request came from, for the person who has the device before her. */
export function deviceInfo(ctx: KoaContextWithOIDC): Record<string, string> {
  const { network, userAgent } = both(ctx).state.origin;
  return { network, device: deviceOf(userAgent) };
}

/** What a device calls itself, in few and harmless signs: a sentence in its name would be read as ours. */
export function harmlessName(_ctx: KoaContextWithOIDC, name: string | undefined): void {
  if (name !== undefined && !/^[\p{L}\d][\p{L}\d .,№-]{0,39}$/u.test(name)) {
    throw new errors.InvalidRequest('device_name must be up to 40 letters, digits, spaces, dots, dashes');
  }
}

type Fault = Error & { readonly userCode?: string };

export async function askForCode(
  ctx: KoaContextWithOIDC,
  form: string,
  _out?: unknown,
  fault?: Fault,
): Promise<void> {
  const page = both(ctx);
  if (fault?.name === 'AbortedError') {
    page.render('device/refused', {});
    return;
  }
  const typed = fault ? undefined : typedIn(page);
  const found = typed === undefined ? undefined : await lookUp(ctx, typed);
  if (typed !== undefined && typeof found === 'object') {
    askToConfirm(ctx, form, found.client, found.code.deviceInfo ?? {}, typed, found.code);
    return;
  }
  const wrong = typeof found === 'string' ? found : undefined;
  const code = fault ? (PROBLEMS[fault.name] ?? 'device_failed') : wrong;
  if (code !== undefined) page.status = 422;
  page.render('device/code', {
    action: ctx.oidc.urlFor('code_verification'),
    code: typed ?? fault?.userCode ?? '',
    ...(code && { problem: { field: 'user_code', code } }),
  });
}

type DeviceCode = NonNullable<KoaContextWithOIDC['oidc']['entities']['DeviceCode']>;

/** What the library asks of a code that is posted, asked of one in the address. */
async function lookUp(
  { oidc: { provider } }: KoaContextWithOIDC,
  typed: string,
): Promise<{ readonly code: DeviceCode; readonly client: Client } | ProblemCode> {
  const plain = typed.replaceAll('-', '');
  if (plain === '') return 'device_code_missing';
  if (!looksLikeSpokenCode(plain)) return 'device_code_unknown';
  const code = await provider.DeviceCode.findByUserCode(plain, { ignoreExpiration: true });
  const client = code && (await provider.Client.find(String(code.clientId)));
  if (!code || !client) return 'device_code_unknown';
  if (code.isExpired) return 'device_code_expired';
  return code.error || code.accountId || code.inFlight ? 'device_code_used' : { code, client };
}

export function askToConfirm(
  ctx: KoaContextWithOIDC,
  _form: string,
  client: Client,
  info: Readonly<Record<string, unknown>>,
  userCode: string,
  code: DeviceCode | undefined = ctx.oidc.entities.DeviceCode,
): void {
  const name = code?.params?.device_name;
  both(ctx).render('device/confirm', {
    ...formOf(ctx),
    client: clientName(client),
    code: userCode,
    network: String(info.network ?? ''),
    device: String(info.device ?? ''),
    ...(typeof name === 'string' && { name }),
  });
}

export function sayConnected(ctx: KoaContextWithOIDC): void {
  const { client } = ctx.oidc;
  both(ctx).render('device/done', client ? { client: clientName(client) } : {});
}
