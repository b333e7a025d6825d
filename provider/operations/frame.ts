/** What every page of the Union's staff is told (views/operator/layout.pug). */
import type { OperatorFrame } from '../http/screens/operations.ts';
import type { Officer } from '../staff/officer.ts';

export const frameOf = ({ roles }: Officer): OperatorFrame => ({
  administratorOnly: !roles.includes('union_operator'),
});
