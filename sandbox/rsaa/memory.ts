/** Where РСАА keeps what it must remember: in memory, gone with the process, as a simulator may. */
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

type Kept = { readonly model: string; readonly payload: AdapterPayload; readonly until: number };

export function memory(): AdapterFactory {
  const kept = new Map<string, Kept>();
  const forgetExpired = () => {
    const now = Date.now();
    for (const [key, { until }] of kept) if (until <= now) kept.delete(key);
  };

  return (model): Adapter => {
    const keyOf = (id: string) => `${model}:${id}`;
    const alive = (entry: Kept | undefined) =>
      entry && entry.until > Date.now() ? entry.payload : undefined;
    const withValue = (name: 'uid' | 'userCode', value: string) =>
      alive([...kept.values()].find((entry) => entry.model === model && entry.payload[name] === value));
    return {
      async upsert(id, payload, expiresIn) {
        forgetExpired();
        const until = expiresIn === undefined ? Number.POSITIVE_INFINITY : Date.now() + expiresIn * 1_000;
        kept.set(keyOf(id), { model, payload, until });
      },
      find: async (id) => alive(kept.get(keyOf(id))),
      findByUid: async (uid) => withValue('uid', uid),
      findByUserCode: async (code) => withValue('userCode', code),
      async consume(id) {
        const payload = alive(kept.get(keyOf(id)));
        if (payload) payload.consumed = Math.floor(Date.now() / 1_000);
      },
      async destroy(id) {
        kept.delete(keyOf(id));
      },
      async revokeByGrantId(grantId) {
        for (const [key, { payload }] of kept) if (payload.grantId === grantId) kept.delete(key);
      },
    };
  };
}
