import { expect, it } from 'vitest';
import { treeWithout, unitTree } from '../../../provider/records/unit-tree.ts';

const unit = (id: string, parentId?: string) => ({
  ...({ id, kind: 'bureau', name: id, members: 0 } as const),
  ...(parentId !== undefined && { parentId }),
});
const UNITS = [unit('c', 'b'), unit('a'), unit('b', 'a'), unit('d', 'a')];

it('puts every unit below its own', () => {
  expect(unitTree(UNITS).map(({ id, depth }) => `${depth}${id}`)).toEqual(['0a', '1b', '2c', '1d']);
});

it('offers a unit no place below itself', () => {
  expect(treeWithout(UNITS, 'b').map(({ id }) => id)).toEqual(['a', 'd']);
});
