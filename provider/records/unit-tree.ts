/** Units of an organisation as a tree that can be read line by line. Pure. */
import type { Unit } from '../../adapters/passport-store/passport-store.ts';
import type { UnitInTree } from '../http/screens/records.ts';

/** Each below its own; whatever order they came in stays among equals. */
export function unitTree(units: readonly Unit[], parentId?: string, depth = 0): readonly UnitInTree[] {
  return units
    .filter((unit) => unit.parentId === parentId)
    .flatMap((unit) => [{ ...unit, depth }, ...unitTree(units, unit.id, depth + 1)]);
}

/** The tree without a unit and whatever is below it: where that unit may be moved. */
export function treeWithout(units: readonly Unit[], id: string): readonly UnitInTree[] {
  return unitTree(units.filter((unit) => unit.id !== id));
}
