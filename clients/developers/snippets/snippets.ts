/**
 * Working code for each stack: files beside this one, with places for the values of one integration. The developer
 * pages show them, the documentation links to them and the tests run them: there is no second copy.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';

const HERE = new URL('./', import.meta.url);

const bilingual = z.strictObject({ ru: z.string(), en: z.string() });

const stackShape = z.strictObject({
  id: z.string(),
  title: bilingual,
  /** Which kinds of integration it suits. */
  kinds: z.array(z.enum(['web', 'spa', 'native', 'device', 'service'])).min(1),
  /** How such a client proves who it is. */
  authentication: z.enum(['secret', 'none']),
  files: z.array(z.strictObject({ path: z.string(), language: z.string() })).min(1),
  install: z.string().optional(),
  run: z.string().optional(),
  /** Path, or whole address, that is to be registered. */
  callback: z.string().optional(),
  backchannel_logout: z.string().optional(),
  /** A test runs the files against a gateway. */
  executed: z.boolean(),
  why_not_executed: bilingual.optional(),
});

export type Stack = z.infer<typeof stackShape>;

/** What the places are called in the files. */
export const PLACEHOLDERS = [
  'issuer',
  'client_id',
  'client_secret',
  'redirect_uri',
  'post_logout_redirect_uri',
  'scope',
] as const;

export type Values = Readonly<Partial<Record<(typeof PLACEHOLDERS)[number], string>>>;

export const stacks: readonly Stack[] = z
  .strictObject({ stacks: z.array(stackShape) })
  .parse(JSON.parse(readFileSync(new URL('index.json', HERE), 'utf8'))).stacks;

/** The files of a stack as they lie on the developer's disk, with her values in them. */
export function filesOf(
  stack: Stack,
  values: Values,
): { readonly name: string; readonly language: string; readonly text: string }[] {
  return stack.files.map(({ path, language }) => ({
    name: basename(path),
    language,
    text: fill(readFileSync(new URL(path, HERE), 'utf8'), values),
  }));
}

/** A place stays as it is when nothing is known for it, or when its value would mean something to the language around it. */
export function fill(text: string, values: Values): string {
  const known = new Map<string, string>(
    Object.entries({ ...values, ...derived(values) }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && isPlain(entry[1]),
    ),
  );
  return text.replace(/\{\{(\w+)\}\}/g, (place, name: string) => known.get(name) ?? place);
}

/** Whoever comes back to a port of her own machine finds the program there; behind a web server it has the usual one. */
const derived = ({ issuer, redirect_uri }: Values) => ({
  issuer_host: issuer && new URL(issuer).host,
  port: redirect_uri && (new URL(redirect_uri).port || '8080'),
});

/** Neither quotes, backslashes, dollars nor line ends: nothing that ends a text or begins a substitution anywhere. */
const isPlain = (value: string): boolean => /^[\w.~:/?&=%+,@ -]*$/.test(value);
