/** The structure of a document's text for pages and PDF: every line of it shows, in its order, and nothing else does. */

export type Block =
  | { readonly kind: 'title' | 'heading' | 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] };

const HEADING = '## ';
const ITEM = '- ';

/** The first line is the title; «## » begins a heading, «- » an item, any other line is a paragraph. */
export function paragraphsOf(body: string): readonly Block[] {
  const blocks: Block[] = [];
  let items: string[] | undefined;
  for (const [at, line] of body.split('\n').entries()) {
    if (at > 0 && line.startsWith(ITEM)) {
      if (!items) {
        items = [];
        blocks.push({ kind: 'list', items });
      }
      items.push(line.slice(ITEM.length));
      continue;
    }
    items = undefined;
    if (line === '') continue;
    if (at === 0) blocks.push({ kind: 'title', text: line });
    else if (line.startsWith(HEADING)) blocks.push({ kind: 'heading', text: line.slice(HEADING.length) });
    else blocks.push({ kind: 'paragraph', text: line });
  }
  return blocks;
}
