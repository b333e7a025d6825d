import { expect, it } from 'vitest';
import { withSection } from '../../../bench/results-file.ts';

it('a new run takes the place of its last one, and of no other', () => {
  const bench = '# Bench\n\n## Goals\n\nold\n';
  expect(withSection('', bench)).toBe(bench);
  const both = withSection(bench, '# Scale\n\nfirst\n');
  expect(both).toBe('# Bench\n\n## Goals\n\nold\n\n# Scale\n\nfirst\n');
  expect(withSection(both, '# Bench\n\nnew\n')).toBe('# Bench\n\nnew\n\n# Scale\n\nfirst\n');
  expect(withSection(both, '# Scale\n\nsecond\n')).toBe('# Bench\n\n## Goals\n\nold\n\n# Scale\n\nsecond\n');
});
