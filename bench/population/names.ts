/** Names of nobody in particular, some far more often than others, as in a telephone directory. */
import { chance, pick, pickSkewed } from './chance.ts';

const ROOTS =
  'Иван Смирн Кузнец Попов Васильев Петр Соколов Михайл Новик Фёдор Мороз Волк Алексеев Лебед Семён Егор Павл Козл Степан Никола Орл Андре Макар Никит Захар Зайц Соловь Борис Яковл Григорь Роман Воробь Серге Кузьм Фрол Александр Дмитри Корол Гус Кисел Иль Максим Поляк Сорок Виноград Ковал Бел Медвед Антон Тарас Жук Баран Филипп Комар Давыд Беля Герасим Богдан Осип Сидор Матве Тит Марк Мирон Крыл Куликов Карп Влас Мельник Денис Гаврил Тихон Казак Афанась Данил Савель Тимофе Фом Черн Абрам Мартын Ефим Федот Щербак Назар Калин Исак Чернышё Быч Родион Логин Лук Ермак Прохор Суббот Маслен Гончар Дорон Селезн Шестак Рыб Пономар'.split(
    ' ',
  );
const ENDINGS = ['ов', 'ев', 'ин', 'енко', 'ский', 'ук'] as const;
const WOMEN =
  'Елена Ольга Наталья Татьяна Ирина Светлана Марина Анна Людмила Екатерина Галина Юлия Надежда Мария Оксана Анастасия Любовь Валентина Нина Вера Алла Лариса Евгения Виктория Дарья Тамара Алёна Зоя Инна Раиса Полина София Лидия Кристина Диана Эльвира Гульнара Альбина Римма Фаина'.split(
    ' ',
  );
const MEN =
  'Сергей Александр Андрей Дмитрий Алексей Владимир Евгений Николай Иван Михаил Виктор Павел Юрий Олег Игорь Анатолий Роман Максим Василий Денис Артём Антон Константин Вячеслав Илья Пётр Фёдор Семён Ринат Тимур Рашид Глеб Лев Яков'.split(
    ' ',
  );
const FATHERS =
  'Иван Николай Владимир Александр Виктор Анатоли Алексе Серге Михаил Васили Юри Петров Евгени Борис Павл Геннади Андре Валентин Фёдор Григори Леонид Олег Степан Семён Игор Вячеслав Рашит Марат Яков Захар'.split(
    ' ',
  );

export type Name = { readonly family: string; readonly given: string; readonly middle?: string };

export function nameOf(seed: number, index: number): Name & { readonly isWoman: boolean } {
  const roll = (purpose: number): number => chance(seed, index, purpose);
  // Three of four in education are women.
  const isWoman = roll(10) < 0.76;
  const family = familyOf(pickSkewed(ROOTS, roll(11)), pickSkewed(ENDINGS, roll(12)), isWoman);
  // One of forty bears two.
  const second = roll(13) < 0.025 ? `-${familyOf(pick(ROOTS, roll(14)), 'ов', isWoman)}` : '';
  return {
    isWoman,
    family: family + second,
    given: pickSkewed(isWoman ? WOMEN : MEN, roll(15)),
    // One of eighty has none.
    ...(roll(16) >= 0.0125 && { middle: middleOf(pickSkewed(FATHERS, roll(17)), isWoman) }),
  };
}

function familyOf(root: string, ending: (typeof ENDINGS)[number], isWoman: boolean): string {
  if (ending === 'енко' || ending === 'ук') return root + ending;
  if (ending === 'ский') return root + (isWoman ? 'ская' : 'ский');
  return root + ending + (isWoman ? 'а' : '');
}

function middleOf(father: string, isWoman: boolean): string {
  const soft = /[иеь]$/.test(father);
  const stem = soft ? father.replace(/и$/, 'ь') : father;
  return stem + (soft ? 'ев' : 'ов') + (isWoman ? 'на' : 'ич');
}
