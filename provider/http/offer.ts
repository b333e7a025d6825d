/** What few requests need is made for those that ask: a property that is computed at its first reading. */
export function offer<Name extends string, Value>(
  target: { [name in Name]: Value },
  name: Name,
  make: () => Value,
): void {
  Object.defineProperty(target, name, {
    configurable: true,
    enumerable: true,
    get() {
      const value = make();
      Object.defineProperty(target, name, { value, configurable: true, enumerable: true, writable: true });
      return value;
    },
  });
}
