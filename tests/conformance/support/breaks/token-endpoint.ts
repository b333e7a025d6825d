/** A server that is careless at its token or userinfo endpoint. */
import { broken, changeJson, changingJson, crooked, jsonAnswer } from '../crooked.ts';
import type { Broken } from '../run-plan.ts';

export const unreadSecretInBody = broken(
  'a client_secret in the body is not read',
  crooked(() => ({
    asks({ path, form }) {
      if (path === '/token') form.delete('client_secret');
    },
  })),
);
export const bearerOnlyInHeader = broken(
  'a token in the body is not read',
  crooked(() => ({
    asks({ path, form }) {
      if (path === '/me') form.delete('access_token');
    },
  })),
);
export const userinfoByGetOnly = broken(
  'POST at userinfo is refused',
  crooked(() => ({
    asks({ path, method }) {
      return path === '/me' && method === 'POST' ? jsonAnswer(405, {}) : undefined;
    },
  })),
);
export const userinfoOfSomebodyElse = broken(
  'userinfo is somebody else’s',
  changingJson('/me', (body) => ({ ...body, sub: 'somebody-else' })),
);
export const withoutClaim = (name: string): Broken =>
  broken(
    `userinfo leaves ${name} out`,
    changingJson('/me', (body) => void delete body[name]),
  );
export const emptyClaim = (name: string): Broken =>
  broken(
    `userinfo says ${name}: null`,
    changingJson('/me', (body) => ({ ...body, [name]: null })),
  );
export const talkative = (name: string): Broken =>
  broken(
    `userinfo tells ${name} unasked`,
    changingJson('/me', (body) => ({ ...body, [name]: 'x' })),
  );

/** The same tokens once more, to whoever brings the same code. */
export const codesTwice = broken(
  'a code can be redeemed twice',
  crooked(() => {
    const redeemed = new Map<string, object>();
    return {
      asks({ path, form }) {
        const tokens = path === '/token' ? redeemed.get(form.get('code') ?? '') : undefined;
        return tokens && jsonAnswer(200, tokens);
      },
      answers: (answer, { path, form }) =>
        path === '/token'
          ? changeJson(answer, (body) => void redeemed.set(form.get('code') ?? '', body))
          : answer,
    };
  }),
);
export const tokensOutliveTheirCode = broken(
  'the tokens of a code that was redeemed twice go on',
  crooked(() => {
    let told: object | undefined;
    return {
      answers(answer, { path }) {
        if (path !== '/me') return answer;
        if (answer.status === 401 && told) return jsonAnswer(200, told);
        return changeJson(answer, (body) => {
          told = body;
        });
      },
    };
  }),
);
export const refreshForEverybody = broken('a refresh token is good for every client', (server) =>
  crooked(() => ({
    asks({ path, form, headers }) {
      const { first } = server;
      if (path !== '/token' || form.get('grant_type') !== 'refresh_token') return;
      if (first.authentication.by !== 'client_secret_basic') return;
      headers.set('authorization', `Basic ${btoa(`${first.id}:${first.authentication.secret}`)}`);
    },
  }))(server),
);
