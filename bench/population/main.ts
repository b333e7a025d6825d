/** `npm run bench:population -- --members 3500000 --out FOLDER`: the population as files for the import. */
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { shapeOf, WHOLE } from './population.ts';
import { barOn } from './progress.ts';
import { writeCsv } from './write-csv.ts';

const { values } = parseArgs({
  options: { members: { type: 'string' }, seed: { type: 'string' }, out: { type: 'string' } },
});
const settings = z
  .object({
    members: z.coerce.number().int().min(1).default(WHOLE.members),
    seed: z.coerce.number().int().default(1),
    out: z.string().default('population'),
  })
  .parse(values);

mkdirSync(settings.out, { recursive: true });
const bar = barOn(process.stderr);
const files = await writeCsv(settings.out, shapeOf(settings.members, settings.seed), bar.tell);
bar.stop();
console.log(`${files.organisations}\n${files.members}`);
