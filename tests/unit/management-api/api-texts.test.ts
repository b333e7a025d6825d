import { expect, it } from 'vitest';
import { catalogues } from '../../../provider/http/texts.ts';
import { PROBLEMS } from '../../../provider/management-api/problem.ts';

it.each(Object.entries(catalogues))(
  'has a text for each problem and none beside, in «%s»',
  (_locale, { api }) => {
    expect(Object.keys(api.problem).toSorted()).toEqual(Object.keys(PROBLEMS).toSorted());
  },
);
