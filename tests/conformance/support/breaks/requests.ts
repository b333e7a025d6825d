/** A server that reads authorization requests wrongly, or answers them so. */
import { broken, changingAnswers, crooked } from '../crooked.ts';
import type { Broken } from '../run-plan.ts';

/** By an address, or by a form that posts itself. */
function answerTo(request: URLSearchParams, answer: Readonly<Record<string, string>>): Response {
  const to = request.get('redirect_uri') ?? '';
  if (request.get('response_mode') === 'form_post') {
    const fields = Object.entries(answer).map(
      ([name, value]) => `<input type="hidden" name="${name}" value="${value}"/>`,
    );
    return new Response(`<form method="post" action="${to}">${fields.join('')}</form>`);
  }
  return new Response(null, {
    status: 303,
    headers: { location: `${to}?${new URLSearchParams(answer)}` },
  });
}

const isRequest = (path: string): boolean => path === '/auth';

/** Such a server knows too few parameters. */
export const refuses = (parameter: string, value = /^/): Broken =>
  broken(
    `${parameter} is refused`,
    crooked(() => ({
      asks({ path, query }, { issuer }) {
        if (!isRequest(path) || !query.has(parameter) || !value.test(query.get(parameter) ?? '')) return;
        const state = query.get('state') ?? '';
        return answerTo(query, { error: 'invalid_request', state, iss: issuer });
      },
    })),
  );

export const ignores = (parameter: string, value = /./): Broken =>
  broken(
    `${parameter} is ignored`,
    crooked(() => ({
      asks({ path, query }) {
        if (isRequest(path) && value.test(query.get(parameter) ?? '')) query.delete(parameter);
      },
    })),
  );

export const assumes = (parameter: string, value: string): Broken =>
  broken(
    `${parameter} is taken to be ${value}`,
    crooked(() => ({
      asks({ path, query }) {
        if (isRequest(path) && query.size > 0) query.set(parameter, value);
      },
    })),
  );

export const asksAlways = broken(
  'everybody signs in anew',
  crooked(() => ({
    asks({ path, query }) {
      if (isRequest(path) && query.get('prompt') !== 'none') query.set('prompt', 'login consent');
    },
  })),
);

export const nobodyIsSignedIn = broken(
  'a session is forgotten at once',
  crooked(() => ({
    asks({ path, headers }) {
      const cookies = (headers.get('cookie') ?? '').split('; ');
      if (isRequest(path)) {
        headers.set('cookie', cookies.filter((cookie) => !cookie.startsWith('__Host-session')).join('; '));
      }
    },
  })),
);

export const getOnly = broken(
  'POST is refused',
  crooked(() => ({
    asks({ path, method }) {
      return isRequest(path) && method === 'POST' ? new Response(null, { status: 405 }) : undefined;
    },
  })),
);

/** Whatever address is named counts as the registered one. */
const comparesNot = (parameter: 'redirect_uri' | 'post_logout_redirect_uri'): Broken =>
  broken(`${parameter} is not compared`, (server) => {
    const { first } = server;
    const registered = parameter === 'redirect_uri' ? first.redirectUri : first.postLogoutRedirectUri;
    return crooked(() => {
      let named = registered;
      return {
        asks({ query, form }) {
          for (const parameters of [query, form]) {
            if (!parameters.has(parameter)) continue;
            named = parameters.get(parameter) ?? registered;
            parameters.set(parameter, registered);
            parameters.delete('request');
          }
        },
        async answers(answer) {
          const location = answer.headers.get('location');
          if (location?.startsWith(registered)) {
            const headers = new Headers(answer.headers);
            headers.set('location', named + location.slice(registered.length));
            return new Response(null, { status: answer.status, headers });
          }
          if (!answer.headers.get('content-security-policy')?.includes('sha256-')) return answer;
          const page = (await answer.text()).replace(`action="${registered}"`, `action="${named}"`);
          return new Response(page, { status: answer.status, headers: answer.headers });
        },
      };
    })(server);
  });
export const anyRedirectUri = comparesNot('redirect_uri');
export const anyPostLogoutRedirectUri = comparesNot('post_logout_redirect_uri');

export const withoutState = broken(
  'state is dropped',
  changingAnswers((answer) => answer.delete('state')),
);
export const inventedState = broken(
  'a state is made up',
  changingAnswers((answer) => answer.set('state', 'x')),
);
export const foreignIssInAnswers = broken(
  'the answer is another issuer’s',
  changingAnswers((answer) => answer.set('iss', 'https://other.example.test')),
);
export const shortCode = broken(
  'codes can be guessed',
  changingAnswers((answer) => answer.has('code') && answer.set('code', '1234')),
);
