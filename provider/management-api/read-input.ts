/** What a caller sends, judged at the door: JSON of known fields alone. Each fault has a place, a code and a sentence. */
import type { z } from 'zod';
import type { Translate } from '../http/texts.ts';
import { ApiProblem, type InputFault } from './problem.ts';

const DEEPEST = 8;

/** Throws `invalid_input`. `place` goes before each pointer: a body has none, a query its names. */
export function readInput<Shape extends z.ZodType>(
  shape: Shape,
  value: unknown,
  t: Translate,
): z.output<Shape> {
  const fault = unstorable(value);
  if (fault) throw inputProblem([fault], t);
  const parsed = shape.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw inputProblem(parsed.error.issues.flatMap(faultsOf), t);
}

type Fault = { readonly pointer: string; readonly code: InputCode };

/** Texts stand under `api.input`. */
export type InputCode =
  | 'unknown_field'
  | 'required'
  | 'wrong_type'
  | 'too_short'
  | 'too_long'
  | 'wrong_value'
  | 'twice'
  | 'no_character'
  | 'too_deep';

export function inputProblem(faults: readonly Fault[], t: Translate): ApiProblem {
  return new ApiProblem('invalid_input', {
    faults: faults.map(
      ({ pointer, code }): InputFault => ({ pointer, code, detail: t(`api.input.${code}`) }),
    ),
  });
}

function faultsOf(issue: z.core.$ZodIssue): readonly Fault[] {
  const pointer = pointerTo(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: pointerTo([...issue.path, key]), code: 'unknown_field' }));
  }
  return [{ pointer, code: codeOf(issue) }];
}

function codeOf(issue: z.core.$ZodIssue): InputCode {
  if ('input' in issue && (issue.input === undefined || isBlank(issue.input))) return 'required';
  if (issue.code === 'invalid_type') return 'wrong_type';
  if (issue.code === 'too_small') return 'too_short';
  if (issue.code === 'too_big') return 'too_long';
  return 'wrong_value';
}

const isBlank = (value: unknown): boolean => typeof value === 'string' && value.trim() === '';

/** RFC 6901 §3. */
function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** jsonb holds neither NUL nor half of a surrogate pair, and what is nested without end is nobody's application. */
function unstorable(value: unknown, path: readonly PropertyKey[] = []): Fault | undefined {
  if (path.length > DEEPEST) return { pointer: pointerTo(path), code: 'too_deep' };
  if (typeof value === 'string') {
    return value.includes('\0') || !value.isWellFormed()
      ? { pointer: pointerTo(path), code: 'no_character' }
      : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const fault = unstorable(key, path) ?? unstorable(item, [...path, key]);
    if (fault) return fault;
  }
  return undefined;
}
