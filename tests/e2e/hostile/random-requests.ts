/**
 * Requests nobody should send: random ones, malformed ones, and honest ones with one thing wrong, which get furthest.
 * Bytes as they go over the wire; the same seed gives the same requests.
 */
import fc from 'fast-check';

/** What an honest client would know; the requests are made of it and of noise. */
export type Knowledge = {
  readonly host: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  /** Id of a live interaction of the member. */
  readonly interaction: string;
  readonly member: Browser;
  /** With a confirmed address, and a signing under way. */
  readonly applicant: Browser;
  /** Nobody's, on her way to an account. */
  readonly newcomer: Browser;
  /** Of an organisation, of a document of the applicant, of one signing of the member's. */
  readonly ids: { readonly organisation: string; readonly document: string; readonly signing: string };
  /** Secrets of links, as letters carry them. */
  readonly links: Readonly<Record<'confirm' | 'reset' | 'email' | 'unsubscribe', string>>;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly idToken: string;
  readonly initialAccessToken: string;
};

/** Its Cookie header, and the token of its forms. */
export type Browser = { readonly cookies: string; readonly csrf: string };

type Pairs = readonly (readonly [string, string])[];

const CRLF = '\r\n';
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
/** UTF-8, seen as bytes. */
const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

const noise = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom(
    ...['', ' ', '\0', 'a\0b', '%', '%00', '%zz', '%ff%fe', '%u0041', '%c0%ae', '\u2028', '\ufeff', '\ud800'],
    ...[
      'null',
      'undefined',
      'NaN',
      'true',
      '[]',
      '{}',
      '[object Object]',
      '__proto__',
      'constructor',
      'toString',
    ],
    ...['-1', '0', '1e999', '99999999999999999999', '0x10', '1.5', '２', '9007199254740993'],
    ...["' or 1=1--", '"; drop table account;--', '#{7*7}', '{{7*7}}', '<script>alert(1)</script>'],
    ...[
      '../../../../etc/passwd',
      'http://127.0.0.1:1/',
      'javascript:alert(1)',
      '//evil.test',
      '\r\nX-Evil: 1',
    ],
    '{"id_token":{"acr":{"essential":true,"values":[1,{}]},"sub":{"value":null}},"userinfo":[]}',
    'eyJhbGciOiJub25lIn0.e30.',
    `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`,
  ),
  fc.nat({ max: 7_000 }).map((length) => 'x'.repeat(length)),
);

const PARAMETERS = [
  ...['client_id', 'redirect_uri', 'response_type', 'response_mode', 'scope', 'state', 'nonce', 'prompt'],
  ...[
    'max_age',
    'ui_locales',
    'claims_locales',
    'id_token_hint',
    'login_hint',
    'acr_values',
    'claims',
    'display',
  ],
  ...['code_challenge', 'code_challenge_method', 'code_verifier', 'request', 'request_uri', 'registration'],
  ...[
    'resource',
    'dpop_jkt',
    'grant_type',
    'code',
    'refresh_token',
    'token',
    'token_type_hint',
    'client_secret',
  ],
  ...[
    'client_assertion',
    'client_assertion_type',
    'post_logout_redirect_uri',
    'logout',
    'xsrf',
    'error',
    'iss',
  ],
  ...[
    'by',
    'identifier',
    'password',
    'csrf',
    'locale',
    'return_to',
    'current',
    'fresh',
    'repeated',
    'access_token',
  ],
  ...[
    'authorization_details',
    'device_code',
    'user_code',
    'username',
    'audience',
    'foreign_computer',
    'ticket',
  ],
  ...['email', 'terms', 'from', 'client', 'answer', 'family', 'given', 'middle', 'birthdate', 'sex', 'phone'],
  ...['organisation_query', 'organisation', 'unit', 'employment', 'purpose', 'intent', 'union_pd', 'q'],
  ...['union_messages', 'sms', 'push', 'union', 'terms_version', 'List-Unsubscribe', 'change'],
];

/** RFC 7591 §2, OpenID Connect Registration §2, and ours. */
const METADATA = [
  ...['redirect_uris', 'client_name', 'client_uri', 'logo_uri', 'contacts', 'jwks', 'jwks_uri', 'scope'],
  ...['grant_types', 'response_types', 'token_endpoint_auth_method', 'subject_type', 'default_acr_values'],
  ...['application_type', 'post_logout_redirect_uris', 'backchannel_logout_uri', 'default_max_age'],
  ...['id_token_signed_response_alg', 'initiate_login_uri', 'first_party', 'owner', 'sector', 'policy_uri'],
];

const METHODS = [
  'GET',
  'POST',
  'HEAD',
  'PUT',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'TRACE',
  'CONNECT',
  'PROPFIND',
  'QUERY',
];

/** At most `size` of them one after another, so that no request alone fills the wire. */
function encoded(pairs: Pairs): fc.Arbitrary<string> {
  const encode = (text: string): string =>
    [...Buffer.from(text)]
      .map((byte) =>
        /[\w.~-]/.test(String.fromCharCode(byte))
          ? String.fromCharCode(byte)
          : `%${byte.toString(16).padStart(2, '0')}`,
      )
      .join('');
  // As browsers do, not at all, or with `+`.
  return fc
    .constantFrom(encode, encode, encode, utf8, (text: string) => encode(text).replaceAll('%20', '+'))
    .map((write) => pairs.map(([name, value]) => `${write(name)}=${write(value)}`).join('&'));
}

/** Honest pairs with some taken away, doubled, replaced or renamed. */
function spoilt(honest: Pairs): fc.Arbitrary<Pairs> {
  const name = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...PARAMETERS) },
    { weight: 1, arbitrary: fc.constantFrom(...PARAMETERS).map((known) => `${known}[]`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('__proto__[x]', 'constructor[prototype][x]', 'a[b][c]', 'toString'),
    },
    { weight: 1, arbitrary: noise },
  );
  const pair = fc.tuple(name, noise);
  const anyHonest = fc.nat({ max: Math.max(0, honest.length - 1) });
  return fc.oneof(
    fc.constant(honest),
    fc
      .tuple(anyHonest, noise)
      .map(([at, value]): Pairs => honest.map((one, index) => (index === at ? [one[0], value] : one))),
    anyHonest.map((at): Pairs => honest.filter((_, index) => index !== at)),
    anyHonest.map((at): Pairs => [...honest, ...honest.slice(at, at + 1)]),
    fc.array(pair, { maxLength: 4 }).map((more): Pairs => [...honest, ...more]),
    fc.array(pair, { maxLength: 12 }),
    fc
      .nat({ max: 260 })
      .map((count): Pairs => Array.from({ length: count }, (_, index) => [`p${index}`, ''])),
  );
}

/** Every way to the wire. */
export function randomRequest(known: Knowledge): fc.Arbitrary<Buffer> {
  const authorization: Pairs = [
    ['client_id', known.clientId],
    ['redirect_uri', known.redirectUri],
    ['response_type', 'code'],
    ['scope', 'openid offline_access'],
    ['code_challenge', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'],
    ['code_challenge_method', 'S256'],
    ['state', 'a state'],
    ['nonce', 'a nonce'],
  ];
  const secret: Pairs = [
    ['client_id', known.clientId],
    ['client_secret', known.clientSecret],
  ];
  const { member, applicant, newcomer, ids, links } = known;
  const form: Pairs = [['csrf', member.csrf]];
  const asked: Pairs = [['csrf', newcomer.csrf]];
  const filled: Pairs = [
    ['csrf', applicant.csrf],
    ['family', 'Тихонова'],
    ['given', 'Лидия'],
    ['middle', 'Марковна'],
    ['birthdate', '11.11.1958'],
    ['union_pd', 'yes'],
  ];
  const onTheWay: Pairs = [
    ['from', known.interaction],
    ['client', known.clientId],
  ];
  const credentials: Pairs = [
    ...form,
    ['by', 'email'],
    ['identifier', 'nobody@example.test'],
    ['password', 'none of ours'],
  ];
  const answer: Pairs = [
    ['code', 'unknown'],
    ['state', '2f1d1d0e-7f1e-4a55-9d3c-0c8f5a1b2c3d'],
  ];
  const logout: Pairs = [
    ['id_token_hint', known.idToken],
    ['client_id', known.clientId],
    ['post_logout_redirect_uri', 'http://127.0.0.1:1/'],
    ['state', 'x'],
  ];
  const interaction = `/interaction/${known.interaction}`;

  /** Method, path, what belongs into query or body, whether it belongs into the body; whose it is, if not the member's. */
  const routes: readonly (readonly [string, string, Pairs, boolean, Browser?])[] = [
    ['GET', '/auth', authorization, false],
    ['GET', '/auth', authorization, false],
    ['POST', '/auth', authorization, true],
    ['GET', `/auth/${known.interaction}`, [], false],
    [
      'POST',
      '/token',
      [
        ['grant_type', 'authorization_code'],
        ['code', 'unknown'],
        ['redirect_uri', known.redirectUri],
        ['code_verifier', 'v'.repeat(43)],
        ...secret,
      ],
      true,
    ],
    [
      'POST',
      '/token',
      [['grant_type', 'refresh_token'], ['refresh_token', `${known.refreshToken.slice(0, -1)}x`], ...secret],
      true,
    ],
    ['POST', '/token', [['grant_type', 'client_credentials'], ...secret], true],
    ['POST', '/token/introspection', [['token', known.accessToken], ...secret], true],
    ['POST', '/token/revocation', [['token', 'unknown'], ...secret], true],
    ['POST', '/request', [...authorization, ...secret.slice(1)], true],
    ['GET', '/me', [], false],
    ['POST', '/me', [['access_token', known.accessToken]], true],
    ['POST', '/reg', [['client_name', 'x']], true],
    ['GET', `/reg/${known.clientId}`, [], false],
    ['GET', '/session/end', logout, false],
    ['POST', '/session/end', logout, true],
    [
      'POST',
      '/session/end/confirm',
      [
        ['xsrf', 'guess'],
        ['logout', 'yes'],
      ],
      true,
    ],
    ['GET', '/session/end/success', [['client_id', known.clientId]], false],
    ['GET', '/.well-known/openid-configuration', [], false],
    ['GET', '/.well-known/oauth-authorization-server', [], false],
    ['GET', '/jwks', [], false],
    ['GET', interaction, [['by', 'ticket']], false],
    ['POST', `${interaction}/password`, credentials, true],
    ['POST', `${interaction}/consent`, form, true],
    ['GET', `${interaction}/upstream/esia`, [], false],
    ['GET', `${interaction}/upstream/esia/callback`, answer, false],
    ['GET', '/callback/esia', answer, false],
    ['GET', `${interaction}/link`, [['by', 'ticket']], false],
    ['POST', `${interaction}/link/password`, credentials, true],
    ['POST', `${interaction}/link/code/check`, [...form, ['code', '123456']], true],
    ['POST', `${interaction}/link/create`, form, true],
    ['POST', `${interaction}/abort`, [['nonsense', 'x'], ...form], true],
    ['POST', '/locale', [...form, ['locale', 'en'], ['return_to', '/']], true],
    ['GET', '/cabinet', [], false],
    [
      'GET',
      '/cabinet/enter',
      [
        ['state', '/cabinet'],
        ['code', 'x'],
      ],
      false,
    ],
    ['GET', '/cabinet/portals', [], false],
    ['POST', '/cabinet/password', [...form, ['current', 'x'], ['fresh', 'y'], ['repeated', 'z']], true],
    ['POST', `/cabinet/sessions/${known.interaction}/end`, form, true],
    ['POST', `/cabinet/portals/${known.clientId}/disconnect`, form, true],
    ['GET', '/cabinet/email', [], false],
    ['POST', '/cabinet/email', [...form, ['email', 'new@example.test'], ['password', 'x']], true],
    ['POST', '/cabinet/email/code', [...form, ['code', '000000']], true],
    ['POST', '/cabinet/data/file', [...form, ['password', 'x']], true],
    ['POST', '/cabinet/delete', [...form, ['password', 'x']], true],
    ['POST', '/cabinet/delete/code', [...form, ['code', '000000']], true],
    ['POST', '/cabinet/delete/cancel', form, true],
    ['GET', '/cabinet/ways', [], false],
    ['GET', '/cabinet/ways/esia', [], false],
    ['POST', '/cabinet/ways/esia', [...form, ['password', 'x']], true],
    ['GET', '/cabinet/ways/esia/depart', [], false],
    [
      'GET',
      '/cabinet/ways/esia/callback',
      [
        ['state', known.interaction],
        ['code', 'x'],
      ],
      false,
    ],
    ['POST', '/cabinet/ways/esia/remove', [...form, ['password', 'x']], true],
    ['GET', '/cabinet/prove', [['room', '/cabinet/ways']], false],
    ['GET', '/cabinet/sign-ins', [['before', '7']], false],
    ['GET', '/cabinet/documents', [], false],
    ['GET', `/cabinet/documents/${ids.document}`, [], false],
    ['GET', `/cabinet/documents/${ids.document}.pdf`, [], false],
    ['POST', `/cabinet/documents/${ids.document}/check`, form, true],
    ['POST', `/cabinet/documents/${ids.document}/withdraw`, form, true],
    ['POST', '/cabinet/consents/union_messages', [...form, ['email', 'yes'], ['union', 'yes']], true],
    ['GET', `/cabinet/consents/union_messages/${ids.signing}`, [], false],
    ['POST', `/cabinet/consents/union_messages/${ids.signing}`, [...form, ['terms', 'yes']], true],
    ['POST', `/cabinet/consents/union_messages/${ids.signing}/again`, form, true],
    ['POST', `/cabinet/consents/union_messages/${ids.signing}/code`, [...form, ['code', '000000']], true],
    ['GET', '/recovery', onTheWay, false],
    ['POST', '/recovery', [...asked, ['email', 'person-1@example.test']], true, newcomer],
    ['GET', `/recovery/${links.reset}`, onTheWay, false],
    [
      'POST',
      `/recovery/${links.reset}`,
      [...asked, ['fresh', 'a password like another'], ['repeated', 'and quite another one']],
      true,
      newcomer,
    ],
    ['GET', `/email/confirm/${links.email}`, [], false],
    ['POST', `/email/confirm/${links.email}`, [...form, ['no', 'such field']], true],
    ['GET', `/email/undo/${links.email}`, [], false],
    ['POST', `/email/undo/${links.email}`, form, true],
    ['GET', `/unsubscribe/${links.unsubscribe}`, [], false],
    ['POST', `/unsubscribe/${links.unsubscribe}`, [['List-Unsubscribe', 'One-Click']], true],
    ['GET', '/join', onTheWay, false, newcomer],
    [
      'POST',
      '/join',
      [...asked, ['email', 'x@example.test'], ['password', 'a long password'], ['terms', 'yes'], ...onTheWay],
      true,
      newcomer,
    ],
    ['GET', '/join/terms/1', [], false],
    ['GET', '/join/letter', [], false, newcomer],
    ['POST', '/join/letter/again', asked, true, newcomer],
    ['POST', '/join/letter/address', [...asked, ['email', 'y@example.test']], true, newcomer],
    ['GET', `/join/confirm/${links.confirm}`, [], false, newcomer],
    ['POST', `/join/confirm/${links.confirm}`, [...asked, ['registration', ids.signing]], true, newcomer],
    ['POST', `/join/confirm/${links.confirm}/disown`, [...asked, ['no', 'such field']], true, newcomer],
    ['GET', '/join/question', [], false, applicant],
    ['POST', '/join/question', [...filled.slice(0, 1), ['answer', 'yes']], true, applicant],
    ['GET', '/join/ticket', [['change', '']], false, applicant],
    ['POST', '/join/ticket', [...filled, ['ticket', '9900000000000052']], true, applicant],
    ['POST', '/join/ticket/continue', filled.slice(0, 1), true, applicant],
    ['GET', '/join/application', [], false, applicant],
    [
      'POST',
      '/join/application',
      [
        ...filled,
        ['purpose', 'joining'],
        ['sex', 'female'],
        ['phone', '+79000000017'],
        ['organisation_query', 'лицей'],
        ['organisation', ids.organisation],
        ['unit', 'школа'],
        ['employment', 'worker'],
      ],
      true,
      applicant,
    ],
    ['GET', '/join/organisations', [['q', 'лицей 1']], false, applicant],
    ['GET', '/join/review', [], false, applicant],
    ['GET', '/join/documents', [], false, applicant],
    ['POST', `/join/documents/${ids.document}/open`, filled.slice(0, 1), true, applicant],
    ['GET', `/join/documents/${ids.document}`, [], false, applicant],
    ['POST', '/join/documents/sign', [...filled.slice(0, 1), ['terms_version', '1']], true, applicant],
    ['GET', '/join/consents/union_pd', [], false, applicant],
    ['GET', '/join/code', [], false, applicant],
    ['POST', '/join/code', [...filled.slice(0, 1), ['code', '000000']], true, applicant],
    ['POST', '/join/code/again', filled.slice(0, 1), true, applicant],
    ['GET', '/join/done', [], false, applicant],
    ['POST', '/join/done/portal', asked, true, newcomer],
    ['POST', '/join/leave', asked, true, newcomer],
    ['POST', `${interaction}/join`, form, true],
    ['GET', `${interaction}/return`, onTheWay.slice(1), false],
    ['GET', '/', [], false],
    ['GET', '/about/ways', [], false],
    ['GET', '/favicon.ico', [], false],
    ['GET', '/assets/none/style.css', [], false],
    ['GET', '/readyz', [], false],
  ];

  const path = (honest: string): fc.Arbitrary<string> =>
    fc.oneof(
      { weight: 12, arbitrary: fc.constant(honest) },
      {
        weight: 2,
        arbitrary: fc.tuple(fc.nat({ max: 4 }), noise).map(([at, text]) =>
          honest
            .split('/')
            .map((segment, index) => (index === at + 1 ? encodeURIComponent(text.toWellFormed()) : segment))
            .join('/'),
        ),
      },
      { weight: 1, arbitrary: noise.map((text) => `${honest}/${encodeURI(text.toWellFormed())}`) },
      { weight: 1, arbitrary: noise.map((text) => `${honest}/${utf8(text)}`) },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom(...['/', '//', '/.', '/..', ';x', '%2f', '%00', '%', '%ff', '.css', '\\', '?', '#'])
          .map((tail) => honest + tail),
      },
      { weight: 1, arbitrary: fc.constantFrom('/', './', '\\', '/%2e%2e').map((head) => head + honest) },
      { weight: 1, arbitrary: fc.constant(honest.toUpperCase()) },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom('http://evil.test', `http://${known.host}`, 'https://', 'evil.test:443', '*')
          .map((head) => head + honest),
      },
      { weight: 1, arbitrary: noise.map((text) => `/${utf8(text)}`) },
    );

  const cookies = (browser: Browser) =>
    fc.oneof(
      { weight: 8, arbitrary: fc.constant(browser.cookies) },
      { weight: 2, arbitrary: fc.constant('') },
      {
        weight: 2,
        arbitrary: fc
          .tuple(
            fc.constantFrom(
              'session',
              'session.sig',
              'interaction',
              'resume',
              'form',
              'device',
              'locale',
              'return',
              'join',
              'registration',
              'handover',
              'notice',
              'typed',
              `bound.${known.interaction.slice(0, 8)}`,
            ),
            noise,
          )
          .map(([name, value]) => `${browser.cookies}; ${name}=${value}`),
      },
      { weight: 1, arbitrary: noise },
      { weight: 1, arbitrary: fc.nat({ max: 80 }).map((count) => 'a=b; '.repeat(count)) },
    );

  const header = fc.oneof(
    fc.tuple(
      fc.constantFrom(
        ...[
          'Accept',
          'Accept-Language',
          'Accept-Encoding',
          'Accept-Charset',
          'Origin',
          'Referer',
          'User-Agent',
        ],
        ...['Sec-Fetch-Site', 'Sec-Fetch-Mode', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto'],
        ...['Forwarded', 'X-Request-Id', 'Range', 'If-None-Match', 'If-Modified-Since', 'DPoP', 'Via'],
        ...['Access-Control-Request-Method', 'Access-Control-Request-Headers', 'X-HTTP-Method-Override'],
        ...[
          'Content-Encoding',
          'Content-Language',
          'Expect',
          'Upgrade',
          'Connection',
          'TE',
          'Trailer',
          'Cookie',
        ],
      ),
      noise,
    ),
    fc.constantFrom<readonly [string, string]>(
      ['Authorization', `Basic ${btoa(`${known.clientId}:${known.clientSecret}`)}`],
      ['Authorization', `Basic ${btoa(`${known.clientId}:wrong`)}`],
      ['Authorization', 'Basic %%%'],
      ['Authorization', `Basic ${btoa('%zz:%zz')}`],
      ['Authorization', `Bearer ${known.accessToken}`],
      ['Authorization', `Bearer ${known.initialAccessToken}`],
      ['Authorization', `Bearer ${known.initialAccessToken}`],
      ['Authorization', `DPoP ${known.accessToken}`],
      ['Authorization', 'Bearer'],
      ['Authorization', `Bearer ${known.accessToken.slice(0, -3)}`],
      ['Accept', 'application/json'],
      ['Accept-Language', `${'ru;q=0.1,'.repeat(400)}en`],
      ['Content-Encoding', 'gzip'],
      ['X-Forwarded-Host', 'evil.test'],
      ['Sec-Fetch-Site', 'cross-site'],
      ['Origin', `http://${known.host}`],
    ),
    fc.tuple(noise, noise),
  );

  const host = fc.oneof(
    { weight: 20, arbitrary: fc.constant<readonly string[]>([known.host]) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<readonly string[]>(
        ['evil.test'],
        [],
        [known.host, 'evil.test'],
        ['x.evil.test:80:90'],
        [`a@${known.host}`],
        [`${known.host}.`],
        ['[::1'],
        [''],
      ),
    },
    { weight: 1, arbitrary: noise.map((text): readonly string[] => [text]) },
  );

  const contentType = fc.oneof(
    { weight: 10, arbitrary: fc.constant('application/x-www-form-urlencoded') },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'application/json',
        'multipart/form-data; boundary=x',
        'text/plain',
        'application/x-www-form-urlencoded; charset=utf-7',
        'application/xml',
        '',
        ';',
        'application/jwt',
      ),
    },
    { weight: 1, arbitrary: noise },
  );

  const body = (honest: Pairs): fc.Arbitrary<string> =>
    fc.oneof(
      { weight: 10, arbitrary: spoilt(honest).chain(encoded) },
      { weight: 1, arbitrary: fc.constant(JSON.stringify(Object.fromEntries(honest))) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(
            fc.constantFrom(...METADATA),
            fc.oneof(noise, fc.array(fc.oneof(noise, fc.object()), { maxLength: 2 }), fc.object()),
          )
          .map(([name, value]) => JSON.stringify({ redirect_uris: ['https://a.test/cb'], [name]: value })),
      },
      { weight: 1, arbitrary: noise.map(utf8) },
      {
        weight: 1,
        arbitrary: fc.uint8Array({ maxLength: 300 }).map((raw) => Buffer.from(raw).toString('latin1')),
      },
      {
        weight: 1,
        arbitrary: fc.integer({ min: 50_000, max: 90_000 }).map((length) => `a=${'x'.repeat(length)}`),
      },
    );

  const wellFramed = fc
    .constantFrom(...routes)
    .chain(([method, honestPath, pairs, inBody, browser = member]) =>
      fc.record({
        method: fc.oneof(
          { weight: 12, arbitrary: fc.constant(method) },
          { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
        ),
        path: path(honestPath),
        query: inBody ? fc.constant('') : spoilt(pairs).chain(encoded),
        body: inBody ? body(pairs) : fc.constant(''),
        host,
        cookies: cookies(browser),
        contentType,
        headers: fc.array(header, { maxLength: 3 }),
      }),
    )
    .map(({ method, path, query, body, host, cookies, contentType, headers }) =>
      bytes(
        [
          `${method} ${path}${query === '' ? '' : `?${query}`} HTTP/1.1`,
          ...host.map((value) => `Host: ${utf8(value)}`),
          ...(cookies === '' ? [] : [`Cookie: ${utf8(cookies)}`]),
          ...(body === '' ? [] : [`Content-Type: ${utf8(contentType)}`, `Content-Length: ${body.length}`]),
          ...headers.map(([name, value]) => `${utf8(name)}: ${utf8(value)}`),
          'Connection: close',
          CRLF,
        ].join(CRLF) + body,
      ),
    );

  const line = `POST /token HTTP/1.1${CRLF}Host: ${known.host}${CRLF}`;
  const illFramed = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 400 }).map((raw) => Buffer.from(raw)),
    noise.map((text) => bytes(`${utf8(text)}${CRLF}${CRLF}`)),
    noise.map((text) =>
      bytes(`GET ${utf8(text)} HTTP/${utf8(text)}${CRLF}Host: ${known.host}${CRLF}${CRLF}`),
    ),
    fc
      .constantFrom(
        `Content-Length: 3${CRLF}Transfer-Encoding: chunked${CRLF}${CRLF}0${CRLF}${CRLF}`,
        `Content-Length: 3${CRLF}Content-Length: 4${CRLF}${CRLF}abcd`,
        `Content-Length: -1${CRLF}${CRLF}`,
        `Content-Length: 99${CRLF}${CRLF}a=b`,
        `Transfer-Encoding: chunked${CRLF}${CRLF}zz${CRLF}abc${CRLF}`,
        `Transfer-Encoding: chunked, identity${CRLF}${CRLF}0${CRLF}${CRLF}`,
        `Transfer-Encoding : chunked${CRLF}${CRLF}0${CRLF}${CRLF}`,
        `X: y${CRLF} folded${CRLF}${CRLF}`,
        `X: y\nZ: w\n\n`,
        `Expect: 100-continue${CRLF}Content-Length: 3${CRLF}${CRLF}a=b`,
        `Upgrade: h2c${CRLF}Connection: Upgrade${CRLF}${CRLF}`,
        `X: ${'y'.repeat(20_000)}${CRLF}${CRLF}`,
      )
      .map((rest) => bytes(line + rest)),
  );
  return fc.oneof({ weight: 30, arbitrary: wellFramed }, { weight: 1, arbitrary: illFramed });
}
