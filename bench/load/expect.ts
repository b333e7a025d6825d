/** An answer that is not as it should be ends its operation, and the run counts it. */
import type { Answer } from './connection.ts';

class WrongAnswer extends Error {
  override name = 'WrongAnswer';
}

export function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new WrongAnswer(what);
}

export function expectStatus(answer: Answer, status: number, where: string): void {
  expect(
    answer.status === status,
    `${where}: ${answer.status} instead of ${status}: ${answer.body.slice(0, 300)}`,
  );
}

/** Where a redirect leads. */
export function expectRedirect(answer: Answer, where: string): string {
  expectStatus(answer, 303, where);
  const { location } = answer.headers;
  expect(typeof location === 'string', `${where}: no Location`);
  return location;
}

export function expectJson(answer: Answer, where: string): Record<string, unknown> {
  expectStatus(answer, 200, where);
  expect(
    /^application\/([\w-]+\+)?json;/.test(String(answer.headers['content-type'])),
    `${where}: ${answer.headers['content-type']} instead of JSON`,
  );
  return JSON.parse(answer.body) as Record<string, unknown>;
}
