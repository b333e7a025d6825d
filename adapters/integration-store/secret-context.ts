/** What a sealed secret is bound to: both who writes and who reads it say the same. */
export const secretContext = (id: string): string => `integration_secret:${id}`;
