/** What every command of `union-id` is given, and how it says that it has failed. */
import type { Config } from '../config.ts';

export type CommandLine = {
  /** Read when first asked for: `init` works without. Throws ConfigError. */
  config(): Config;
  /** One line of the command's result: standard output. */
  print(line: string): void;
  /** One line about the work: standard error. */
  note(line: string): void;
};

/** The command cannot do what it was asked for; the message is for the operator and says what to do. */
export class Failure extends Error {
  override name = 'Failure';
}

export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;

const EXPLANATIONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there; is the server running, is the port right?',
  ECONNRESET: 'the connection broke; try again',
  ENOTFOUND: 'no such host; is the name right?',
  ETIMEDOUT: 'no answer; is there a firewall in between?',
  // SQLSTATE
  '28000': 'the database refuses this user; correct DATABASE_URL',
  '28P01': 'the password is wrong; correct DATABASE_URL',
  '3D000': 'there is no such database; create it or correct DATABASE_URL',
  '42501': 'the database user lacks a privilege; run the command as the owner of the tables',
  '25006': 'the database is read-only; point DATABASE_URL at the primary',
  '57014': 'the database took too long; try again when it is less busy',
};

/** What a store's refusal means for the operator; undefined for errors that are bugs. */
export function explain(error: unknown): string | undefined {
  const { code, message = '', errors } = error as { code?: string; message?: string; errors?: unknown[] };
  if (errors?.[0] !== undefined && code === undefined) return explain(errors[0]);
  if (/timeout exceeded when trying to connect|Connection terminated/.test(message)) {
    return `${message}; is the server reachable?`;
  }
  const explanation = code === undefined ? undefined : EXPLANATIONS[code];
  return explanation && `${message || code}: ${explanation}`;
}
