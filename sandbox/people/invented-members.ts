/** Members without a story: names and birth dates that follow from a number, so that they are the same every time. */

const FAMILIES = [
  ...[
    'Абрамов',
    'Белоусов',
    'Власов',
    'Гаврилов',
    'Давыдов',
    'Ефимов',
    'Жданов',
    'Зимин',
    'Ильин',
    'Калинин',
  ],
  ...['Лаптев', 'Мельников', 'Никитин', 'Осипов', 'Панфилов', 'Родионов', 'Савельев', 'Терентьев', 'Устинов'],
  ...['Филатов', 'Харитонов', 'Цветков', 'Чистов', 'Шубин', 'Щукин', 'Юдин', 'Якушев', 'Рогов', 'Сомов'],
];
const GIVEN = {
  she: ['Алла', 'Вера', 'Галина', 'Дина', 'Жанна', 'Зинаида', 'Инна', 'Кира', 'Лариса', 'Майя', 'Нелли'],
  he: ['Антон', 'Борис', 'Виктор', 'Глеб', 'Денис', 'Игорь', 'Кирилл', 'Леонид', 'Михаил', 'Роман', 'Юрий'],
};
const FATHERS = [
  'Андреев',
  'Борисов',
  'Викторов',
  'Денисов',
  'Иванов',
  'Леонидов',
  'Павлов',
  'Романов',
  'Семёнов',
];

/** From 1962 on; the youngest is over twenty. */
const BIRTH_DAYS = 14_600;

/** `birthdate`: yyyy-mm-dd. */
export function inventedMember(number: number) {
  const sex = number % 4 === 0 ? 'he' : 'she';
  const pick = (list: readonly string[], step: number): string => list[(number * step) % list.length] ?? '';
  const days = (number * 9_733) % BIRTH_DAYS;
  return {
    family: `${pick(FAMILIES, 1)}${sex === 'she' ? 'а' : ''}`,
    given: pick(GIVEN[sex], 3),
    middle: `${pick(FATHERS, 5)}${sex === 'she' ? 'на' : 'ич'}`,
    birthdate: new Date(Date.UTC(1962, 0, 1 + days)).toISOString().slice(0, 10),
  };
}
