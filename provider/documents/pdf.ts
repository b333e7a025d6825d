/**
 * A signed document on A4, with its protocol: the text as it was signed, selectable, tagged for screen readers, the same
 * bytes every time. Never makes one of a draft.
 */
import { createRequire } from 'node:module';
import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';
import type { StoredDocument } from '../../adapters/document-store/document-store.ts';
import words from '../../views/documents/words.json' with { type: 'json' };
import { type Block, paragraphsOf } from './paragraphs.ts';
import { protocolLines } from './protocol-lines.ts';

const require = createRequire(import.meta.url);
const FONTS = {
  text: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSerif.ttf'),
  bold: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSerif-Bold.ttf'),
  mono: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf'),
} as const;

const MILLIMETRE = 72 / 25.4;
/** Room for a binder on the left, as office documents have it (ГОСТ Р 7.0.97-2016 §3). */
const MARGINS = { top: 20, right: 15, bottom: 22, left: 25 } as const;
const SIZE = { title: 14, heading: 11, text: 10, protocol: 9, page: 8 } as const;
const GAP = 6;
const INDENT = 14;
/** A heading keeps so much of what follows on its page. */
const KEPT_TOGETHER = 56;

type Pdf = PDFKit.PDFDocument;

/** Throws RangeError for a document that was not signed. */
export async function documentPdf(document: StoredDocument): Promise<Buffer> {
  const { signing } = document;
  if (!signing) throw new RangeError(`document ${document.id} is not signed`);
  const pdf = new PDFDocument({
    size: 'A4',
    margins: {
      top: MARGINS.top * MILLIMETRE,
      right: MARGINS.right * MILLIMETRE,
      bottom: MARGINS.bottom * MILLIMETRE,
      left: MARGINS.left * MILLIMETRE,
    },
    pdfVersion: '1.7',
    // The types do not know it yet: PDF/UA-1, for screen readers.
    subset: 'PDF/UA' as never,
    tagged: true,
    lang: 'ru-RU',
    displayTitle: true,
    bufferPages: true,
    // Both dates are the signature's, and the file id is made of this table: equal documents make equal files.
    info: {
      Title: document.title,
      Author: words.pdf.author,
      Subject: signing.id,
      CreationDate: signing.signedAt,
      ModDate: document.withdrawnAt ?? signing.signedAt,
    },
  });
  const written = buffer(pdf);
  for (const [name, file] of Object.entries(FONTS)) pdf.registerFont(name, file);

  const root = pdf.struct('Document');
  pdf.addStructure(root);
  for (const block of paragraphsOf(document.body)) writeBlock(pdf, root, block);
  writeProtocol(pdf, root, document);
  root.end();
  writePageNumbers(pdf);
  pdf.end();
  return written;
}

function writeBlock(pdf: Pdf, root: PDFKit.PDFStructureElement, block: Block): void {
  if (block.kind === 'list') {
    // What is attached is written at once, what is not waits until it is.
    const list = pdf.struct('L');
    root.add(list);
    for (const item of block.items) writeItem(pdf, list, item);
    list.end();
    pdf.y += GAP / 2;
    return;
  }
  if (block.kind === 'paragraph') {
    root.add(
      pdf.struct('P', {}, () => {
        pdf.font('text', SIZE.text).text(block.text, { lineGap: 2 });
      }),
    );
    pdf.y += GAP;
    return;
  }
  writeHeading(pdf, root, block.text, block.kind === 'title' ? 'H1' : 'H2');
}

function writeHeading(pdf: Pdf, root: PDFKit.PDFStructureElement, text: string, tag: 'H1' | 'H2'): void {
  const { page } = pdf;
  if (pdf.y > page.height - page.margins.bottom - KEPT_TOGETHER) pdf.addPage();
  if (tag === 'H2') pdf.y += GAP;
  pdf.outline.addItem(text);
  root.add(
    pdf.struct(tag, {}, () => {
      pdf
        .font('bold', tag === 'H1' ? SIZE.title : SIZE.heading)
        .text(text, { align: tag === 'H1' ? 'center' : 'left', lineGap: 2 });
    }),
  );
  pdf.y += tag === 'H1' ? 2 * GAP : GAP / 2;
}

function writeItem(pdf: Pdf, list: PDFKit.PDFStructureElement, item: string): void {
  const left = pdf.page.margins.left;
  pdf.font('text', SIZE.text);
  const width = pdf.page.width - left - pdf.page.margins.right - INDENT;
  // The dash and its text stay together.
  if (pdf.y + pdf.heightOfString(item, { width, lineGap: 2 }) > pdf.page.height - pdf.page.margins.bottom)
    pdf.addPage();
  const { y } = pdf;
  const entry = pdf.struct('LI');
  list.add(entry);
  entry.add(
    pdf.struct('Lbl', {}, () => {
      pdf.text('–', left, y, { width: INDENT, lineGap: 2 });
    }),
  );
  entry.add(
    pdf.struct('LBody', {}, () => {
      pdf.text(item, left + INDENT, y, { width, lineGap: 2 });
    }),
  );
  entry.end();
  pdf.x = left;
  pdf.y += GAP / 3;
}

function writeProtocol(pdf: Pdf, root: PDFKit.PDFStructureElement, document: StoredDocument): void {
  const lines = protocolLines(document);
  const { left, right, bottom } = pdf.page.margins;
  // On one page as a whole.
  if (pdf.y + heightOfProtocol(pdf, lines) > pdf.page.height - bottom) pdf.addPage();
  pdf.y += 2 * GAP;
  pdf.markContent('Artifact', { type: 'Layout' });
  pdf
    .moveTo(left, pdf.y)
    .lineTo(pdf.page.width - right, pdf.y)
    .lineWidth(0.7)
    .stroke();
  pdf.endMarkedContent();
  pdf.y += GAP;
  writeHeading(pdf, root, words.protocol.title, 'H2');
  const paragraph = (write: () => void): void => {
    root.add(pdf.struct('P', {}, write));
    pdf.y += GAP / 3;
  };
  paragraph(() => {
    pdf.font('text', SIZE.protocol).text(words.protocol.signed, { lineGap: 1 });
  });
  for (const [label, value] of lines) {
    paragraph(() => {
      pdf.font('bold', SIZE.protocol).text(`${label}: `, { continued: true, lineGap: 1 });
      pdf.font(/^[0-9a-f-]{36,64}$/.test(value) ? 'mono' : 'text', SIZE.protocol).text(value, { lineGap: 1 });
    });
  }
}

function heightOfProtocol(pdf: Pdf, lines: readonly (readonly [string, string])[]): number {
  pdf.font('bold', SIZE.protocol);
  const width = pdf.page.width - pdf.page.margins.left - pdf.page.margins.right;
  const heights = lines.map(
    ([label, value]) => pdf.heightOfString(`${label}: ${value}`, { width, lineGap: 1 }) + GAP / 3,
  );
  return heights.reduce((sum, height) => sum + height, KEPT_TOGETHER);
}

/** Last, when their number is known; no part of the text, so a screen reader does not stop at them. */
function writePageNumbers(pdf: Pdf): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let at = start; at < start + count; at += 1) {
    pdf.switchToPage(at);
    const { height, width, margins } = pdf.page;
    const text = words.pdf.page.replace('{{page}}', String(at + 1)).replace('{{pages}}', String(count));
    const { bottom } = margins;
    // Below the margin, where the library would begin a new page.
    margins.bottom = 0;
    pdf.markContent('Artifact', { type: 'Pagination' });
    pdf.font('text', SIZE.page).text(text, margins.left, height - bottom + 3 * GAP, {
      width: width - margins.left - margins.right,
      align: 'center',
      lineBreak: false,
    });
    pdf.endMarkedContent();
    margins.bottom = bottom;
  }
}
