/** Register files of any size, the same for the same arguments. All people and numbers are made up. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export const ORGANISATIONS = `id,kind,parent_id,name,short_name,town,region,inn,email,phone
P-01,primary,T-01,"Муниципальное бюджетное общеобразовательное учреждение «Средняя школа № 15»",МБОУ СОШ № 15,г. Васильевск,Приозерская республика,0059000018,school15@example.test,8 (900) 000-00-15
R-01,regional,,Приозерская республиканская организация,Приозерский реском,г. Приозерск,Приозерская республика,0059000201,,
T-01,territorial,R-01,Васильевская городская организация,Васильевский горком,г. Васильевск,Приозерская республика,0059000226,,
P-02,primary,T-01,Детский сад № 7 «Ёлочка»,ДС № 7,г. Васильевск,Приозерская республика,0059000025,,
`;

export const MEMBER_COLUMNS =
  'member_id;organisation_id;family_name;given_name;middle_name;birthdate;membership;ticket_number;ticket_state;snils';

const FAMILIES = ['Иванова', 'Римская-Корсакова', 'Фёдорова', 'Nguyen', 'Сорокина'];
const GIVEN = ['Мария', 'Анна-Мария', 'София', 'Van Anh', 'Ольга'];
const MIDDLE = ['Петровна', 'Львовна', '', '-', 'Али кызы'];

/** Member `number`, from 1 up to 998 000; the first 900 000 have a SNILS. */
export function memberLine(number: number): string {
  const pick = (from: readonly string[]): string => from[number % from.length] ?? '';
  const day = String(1 + (number % 28)).padStart(2, '0');
  const month = String(1 + (number % 12)).padStart(2, '0');
  return [
    `M-${number}`,
    number % 2 === 0 ? 'P-01' : 'P-02',
    pick(FAMILIES),
    pick(GIVEN),
    pick(MIDDLE),
    `${day}.${month}.${1950 + (number % 50)}`,
    'member',
    ticketOf(number),
    'issued',
    snilsOf(number),
  ].join(';');
}

export const ticketOf = (number: number): string => `99${String(number).padStart(14, '0')}`;

/** Numbers that begin with 9 have a checksum; this makes the right one. */
function snilsOf(number: number): string {
  const nine = String(900_000_000 + number);
  const sum = [...nine].reduce((total, digit, at) => total + Number(digit) * (9 - at), 0);
  return `${nine}${String((sum % 101) % 100).padStart(2, '0')}`;
}

/** Writes as Excel does: BOM, semicolons, CRLF. */
export async function writeMembers(
  file: string,
  count: number,
  lineOf: (number: number) => string = memberLine,
): Promise<void> {
  function* lines(): Generator<string> {
    yield `\uFEFF${MEMBER_COLUMNS}\r\n`;
    for (let number = 1; number <= count; number += 1) yield `${lineOf(number)}\r\n`;
  }
  await pipeline(Readable.from(lines()), createWriteStream(file));
}
