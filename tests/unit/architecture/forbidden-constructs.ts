/** Constructs that a review would have to find each time (security.md #154, style.md §5, §7): as rules with examples. */
import ts from 'typescript';

export type Rule = {
  readonly name: string;
  readonly files: RegExp;
  /** Where it is the very job; each with a reason beside it. */
  readonly except?: RegExp;
  /** Line numbers, from 1. */
  readonly finds: (text: string) => readonly number[];
  readonly bad: readonly string[];
  readonly good: readonly string[];
};

const PRODUCT = /^(provider|adapters|clients)\/.*\.ts$/;
const VIEWS = /\.pug$/;

const SQL = /^\s*(select|insert|update|delete|merge|with|copy|create|alter|drop|truncate|grant|call|lock)\s/i;
/** The word for a constant of the module. */
const CONSTANT = /^[A-Z][A-Z0-9_]*$/;
const REQUEST_ADDRESS = new Set(['host', 'hostname', 'origin', 'href', 'URL', 'protocol']);

const isSqlHead = (node: ts.Node): boolean =>
  (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) &&
  SQL.test(ts.isTemplateExpression(node) ? node.head.text : node.text);

/** Or one of a table of such constants: `COLUMN[step]`. */
const isConstant = (node: ts.Expression): boolean =>
  ts.isStringLiteralLike(node) ||
  (ts.isIdentifier(node) && CONSTANT.test(node.text)) ||
  (ts.isElementAccessExpression(node) && isConstant(node.expression));

const isProperty = (node: ts.Node, object: string, property: string): boolean =>
  ts.isPropertyAccessExpression(node) && node.expression.getText() === object && node.name.text === property;

export const RULES: readonly Rule[] = [
  {
    name: 'SQL takes what varies as a parameter',
    files: PRODUCT,
    // Names of tables and columns, which no parameter can stand for, and conditions that are asked for in turn: literals
    // in the code itself, never from a request.
    except:
      /^(adapters\/(storage\/postgres|database\/pg|database\/pglite|account-merges\/moved-rows|application-desk\/postgres|credential-store\/postgres|member-book\/postgres|member-consents\/postgres|passport-store\/postgres|ticket-orders\/postgres-book)|provider\/cli\/import\/(plan-members|plan-organisations|plan-schools|run-import))\.ts$/,
    finds: inCode(
      (node) =>
        (ts.isTemplateExpression(node) &&
          isSqlHead(node) &&
          !node.templateSpans.every((span) => isConstant(span.expression))) ||
        (ts.isBinaryExpression(node) &&
          node.operatorToken.kind === ts.SyntaxKind.PlusToken &&
          isSqlHead(node.left) &&
          !isConstant(node.right)),
    ),
    bad: [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the code under judgement
      'query(`select * from account where id = ${id}`)',
      "query('delete from account where id = ' + id)",
    ],
    good: [
      "query('select * from account where id = $1', [id])",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the code under judgement
      'query(`select ${COLUMNS} from account where id = $1`, [id])',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the code under judgement
      'log(`account ${id}`)',
    ],
  },
  {
    name: 'chance comes from node:crypto',
    files: PRODUCT,
    finds: inCode((node) => isProperty(node, 'Math', 'random')),
    bad: ['const code = Math.random()'],
    good: ['const code = randomInt(1_000_000)'],
  },
  {
    name: 'the environment is read at the door alone',
    files: PRODUCT,
    except: /^(provider\/main|provider\/cli\/main|clients\/relying-party\/run)\.ts$/,
    finds: inCode((node) => isProperty(node, 'process', 'env')),
    bad: ["const level = process.env['LOG_LEVEL']", 'const { PORT } = process.env'],
    good: ['const { env } = settings'],
  },
  {
    name: 'who speaks to the console is a program of its own',
    files: PRODUCT,
    except: /^(provider\/main|provider\/cli\/.*|clients\/relying-party\/run|provider\/.*\/build-[^/]*)\.ts$/,
    finds: inCode((node) => ts.isPropertyAccessExpression(node) && node.expression.getText() === 'console'),
    bad: ["console.log('here')"],
    good: ["ctx.log.info('here')"],
  },
  {
    name: 'no address is built from the request',
    files: PRODUCT,
    finds: inCode(
      (node) =>
        ts.isPropertyAccessExpression(node) &&
        ['ctx', 'ctx.request'].includes(node.expression.getText()) &&
        REQUEST_ADDRESS.has(node.name.text),
    ),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is the code under judgement
    bad: ['const link = `https://${ctx.host}/reset`', 'new URL(ctx.request.href)'],
    good: ['const { origin } = ctx.state', 'new URL(issuer).host'],
  },
  {
    name: 'nobody is sent where the Referer says',
    files: PRODUCT,
    finds: inCode(
      (node) =>
        ts.isCallExpression(node) &&
        ((/\.redirect$/.test(node.expression.getText()) && node.arguments[0]?.getText() === "'back'") ||
          /\.back$/.test(node.expression.getText())),
    ),
    bad: ["ctx.redirect('back')", "ctx.back('/')"],
    good: ["ctx.redirect('/cabinet')"],
  },
  {
    name: 'views escape what they print',
    files: VIEWS,
    finds: inLines(/!=(?!=)|!\{/),
    bad: ['p!= text', 'p !{text}', 'a(href!=address)'],
    good: ['p= text', 'if code !== undefined', 'p #{text}'],
  },
  {
    name: 'views keep to the content security policy',
    files: VIEWS,
    // Letters are read without our stylesheet.
    except: /^views\/mail\//,
    finds: inLines(/\bscript\.\s*$|\bstyle\.\s*$|[(\s,](style|on[a-z]+)=/),
    bad: ['script.', 'p(style="color: red")', 'button(type="submit" onclick="go()")'],
    good: ['script(src="/public/page.js" defer)', 'p(class="lead")', 'p.style'],
  },
];

const trees = new Map<string, ts.SourceFile>();

/** Each text once, whatever the number of rules. */
function parsed(text: string): ts.SourceFile {
  const tree = trees.get(text) ?? ts.createSourceFile('judged.ts', text, ts.ScriptTarget.ESNext, true);
  trees.set(text, tree);
  return tree;
}

function inCode(matches: (node: ts.Node) => boolean): Rule['finds'] {
  return (text) => {
    const file = parsed(text);
    const lines: number[] = [];
    const visit = (node: ts.Node): void => {
      if (matches(node)) lines.push(file.getLineAndCharacterOfPosition(node.getStart()).line + 1);
      ts.forEachChild(node, visit);
    };
    visit(file);
    return lines;
  };
}

function inLines(pattern: RegExp): Rule['finds'] {
  return (text) => text.split('\n').flatMap((line, at) => (pattern.test(line) ? [at + 1] : []));
}
