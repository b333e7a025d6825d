/** The only source of «now» for the rules of a portal, so that a test can stand still. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
