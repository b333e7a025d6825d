/** A database that writes down what it is asked, on its way to the real one. */
import type { Database, Queryable, Statement, Value } from '../../adapters/database/database.ts';

export type Asked = { readonly name?: string; readonly text: string; readonly values: readonly Value[] };

export type Watched = Database & {
  /** Everything since the last time. */
  taken(): readonly Asked[];
};

export function watched(database: Database): Watched {
  let asked: Asked[] = [];
  const note = (statement: Statement, values: readonly Value[] = []): void => {
    asked.push(typeof statement === 'string' ? { text: statement, values } : { ...statement, values });
  };
  const watching = (queryable: Queryable): Queryable => ({
    query(statement, values) {
      note(statement, values);
      return queryable.query(statement, values);
    },
    script: (text) => queryable.script(text),
  });
  return {
    ...watching(database),
    transaction: (work) => database.transaction((tx) => work(watching(tx))),
    close: () => database.close(),
    taken() {
      const taken = asked;
      asked = [];
      return taken;
    },
  };
}
