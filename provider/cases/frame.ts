/** What every page of the desk is told (views/cases/layout.pug): which other sections its reader has. */
import type { DeskFrame } from '../http/screens/cases.ts';
import type { Staff } from './desk.ts';

export const frameOf = ({ schools, isUnionOperator }: Staff): DeskFrame => ({
  seat: { operator: isUnionOperator, administrator: schools.length > 0 },
});
