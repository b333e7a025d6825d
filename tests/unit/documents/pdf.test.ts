import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { StoredDocument } from '../../../adapters/document-store/document-store.ts';
import { documentPdf } from '../../../provider/documents/pdf.ts';
import { readTemplates } from '../../../provider/documents/templates.ts';
import { documentWriter } from '../../../provider/documents/write-documents.ts';

const signedAt = new Date('2026-09-27T07:15:00Z');
const { signer, ...consent } = documentWriter(readTemplates()).unionConsent({
  name: { family: 'Иванова', given: 'Мария', middle: 'Петровна' },
  email: 'ivanova@example.test',
});
const draft: StoredDocument = {
  ...consent,
  id: 'd1',
  accountId: 'a1',
  renderedAt: signedAt,
  openedAt: signedAt,
};
const signed: StoredDocument = {
  ...draft,
  signing: {
    ...{ id: 's1', accountId: 'a1', signer, address: 'ivanova@example.test', signedAt, termsVersion: '2' },
    ...{ network: '203.0.113.0/24', device: '', digest: consent.sha256 },
  },
};

/** Names of things in a PDF are plain text, outside or inside its compressed streams. */
function innards(pdf: Buffer): string {
  const text = pdf.toString('latin1');
  const streams = [...text.matchAll(/stream\r?\n(.*?)\r?\nendstream/gs)].map(([, stream = '']) => {
    try {
      return inflateSync(Buffer.from(stream, 'latin1')).toString('latin1');
    } catch {
      return stream;
    }
  });
  return [text, ...streams].join('\n');
}

describe('the PDF of a signed document', () => {
  it('is the same, byte for byte, whenever it is made', async () => {
    expect((await documentPdf(signed)).equals(await documentPdf(signed))).toBe(true);
    const other = await documentPdf({ ...signed, body: signed.body.replace('Мария', 'Анна') });
    expect((await documentPdf(signed)).equals(other)).toBe(false);
  });

  it('tells a screen reader its language, its title and its structure', async () => {
    const pdf = innards(await documentPdf(signed));
    for (const mark of [
      '/Lang (ru-RU)',
      '/Marked true',
      '/DisplayDocTitle true',
      'pdfuaid:part',
      '/StructTreeRoot',
    ]) {
      expect(pdf).toContain(mark);
    }
    for (const tag of ['H1', 'H2', 'P', 'L', 'LI', 'LBody']) expect(pdf).toMatch(new RegExp(`/S /${tag}\\b`));
    expect(pdf.match(/\/Type \/Outlines|\/Title \(/g)?.length).toBeGreaterThan(9);
    expect(pdf).toContain('/MediaBox [0 0 595.28 841.89]');
    // Selectable Cyrillic: fonts in the file, each with a map to Unicode.
    expect(pdf.match(/\/ToUnicode/g)).toHaveLength(3);
    expect(pdf.match(/\/FontFile2/g)).toHaveLength(3);
  });

  it('is never made of a draft', async () => {
    await expect(documentPdf(draft)).rejects.toThrow(RangeError);
  });
});
