/** The ways a server may be broken, each with the words that end «fails when …». */
export * from './breaks/id-tokens.ts';
export * from './breaks/metadata.ts';
export * from './breaks/requests.ts';
export * from './breaks/strict.ts';
export * from './breaks/token-endpoint.ts';
