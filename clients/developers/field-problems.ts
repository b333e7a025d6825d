/** What a form's page shows of a problem: at which field, in whose words. */
import type { Problem } from './api/management-api.ts';

export type FieldProblem = {
  /** Of the form; `form` when it belongs to none. */
  readonly field: string;
  /** In the words of the API … */
  readonly text?: string;
  /** … about this one of several lines, … */
  readonly about?: string | undefined;
  /** … or in our own. */
  readonly key?: string;
};

/**
 * `fields`: those the form has; a reproach to any other is shown above the form. `line`: what stands at that place of a
 * field of several lines.
 */
export function placed(
  { detail, errors }: Problem,
  fields: readonly string[],
  line: (field: string, at: number) => string | undefined = () => undefined,
): readonly FieldProblem[] {
  if (errors.length === 0) return [{ field: 'form', text: detail }];
  return errors.map(({ pointer, detail: text }) => {
    const [name = '', at = ''] = pointer.replace(/^#?\//, '').split('/');
    const field = fields.includes(name) ? name : 'form';
    return { field, text, about: /^\d+$/.test(at) ? line(field, Number(at)) : undefined };
  });
}
