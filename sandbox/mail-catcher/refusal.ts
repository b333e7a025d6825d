/** What the mail catcher refuses, as told: everything for a while, chosen addresses until told otherwise. */

/** «No such mailbox» or «later». */
export const ADDRESS_CODES = [550, 450] as const;
export type AddressCode = (typeof ADDRESS_CODES)[number];

export type Refusal = ReturnType<typeof refusals>;

export function refusals() {
  const addresses = new Map<string, AddressCode>();
  let until: Date | undefined;
  return {
    /** Until when every letter is refused; undefined when they are taken. */
    until: (): Date | undefined => (until !== undefined && until > new Date() ? until : undefined),
    /** From now on; 0 ends it. */
    refuseFor(seconds: number): void {
      until = new Date(Date.now() + seconds * 1_000);
    },
    addresses: (): ReadonlyMap<string, AddressCode> => addresses,
    codeFor: (address: string): AddressCode | undefined => addresses.get(keyOf(address)),
    refuse(address: string, code: AddressCode): void {
      addresses.set(keyOf(address), code);
    },
    accept(address: string): void {
      addresses.delete(keyOf(address));
    },
  };
}

const keyOf = (address: string): string => address.trim().toLowerCase();
