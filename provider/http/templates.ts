/**
 * The compiled templates of the pages. One set for the process: the apps in it differ in what they say, and a new one is
 * built whenever the signing keys change.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileFile, type compileTemplate } from 'pug';

const FOLDER = fileURLToPath(new URL('../../views/', import.meta.url));
/** Parts of pages, and letters: no pages themselves. */
const PARTS = /(^|\/)layout\.pug$|^(mixins|mail)\//;

/** A process that has been up for so long is no longer busy with starting. */
const SETTLED_MILLISECONDS = 20_000;
const PAUSE_MILLISECONDS = 50;

type TemplateOf = (view: string) => compileTemplate;

let opened: TemplateOf | undefined;

/**
 * Compiling all of them takes seconds of a core, and a process that has just started has better uses for it: whoever
 * asks first for a page compiles it, and what nobody has asked for follows in idle moments. Half a minute after its
 * start, files which change under a running process cannot change its pages any more. `TemplateOf` throws RangeError for
 * a view that does not exist.
 */
export function openTemplates(): TemplateOf {
  opened ??= readFolder();
  return opened;
}

function readFolder(): TemplateOf {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.pug') && !PARTS.test(path));
  const views = files.map((path) => path.slice(0, -'.pug'.length));
  const compiled = new Map<string, compileTemplate>();

  const templateOf = (view: string): compileTemplate => {
    const known = compiled.get(view);
    if (known) return known;
    if (!views.includes(view)) throw new RangeError(`no view «${view}»`);
    const made = compileFile(`${FOLDER}${view}.pug`, { compileDebug: false, doctype: 'html' });
    compiled.set(view, made);
    return made;
  };
  const compileRest = (): void => {
    const next = views.find((view) => !compiled.has(view));
    if (next === undefined) return;
    templateOf(next);
    setTimeout(compileRest, PAUSE_MILLISECONDS).unref();
  };
  setTimeout(compileRest, SETTLED_MILLISECONDS).unref();
  return templateOf;
}
