/** The time of this process, gateway and clients alike: the suite waits for half a minute, and nobody else wants to. */

const real = Date;
let ahead = 0;

/** Only forwards: nobody is to have signed in in the future. */
export function later(seconds: number): void {
  ahead += seconds * 1_000;
  globalThis.Date = new Proxy(real, {
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length === 0 ? [real.now() + ahead] : given, newTarget),
    apply: () => new real(real.now() + ahead).toString(),
    get: (target, name, receiver) =>
      name === 'now' ? () => real.now() + ahead : Reflect.get(target, name, receiver),
  });
}
