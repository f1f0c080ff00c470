/** The states of the USA by their codes, and by their names in English and German. */
import { fold } from "./tokens.ts";

const names = `
  AL Alabama, AK Alaska, AZ Arizona, AR Arkansas, CA California|Kalifornien, CO Colorado,
  CT Connecticut, DE Delaware, FL Florida, GA Georgia, HI Hawaii, ID Idaho, IL Illinois, IN Indiana,
  IA Iowa, KS Kansas, KY Kentucky, LA Louisiana, ME Maine, MD Maryland, MA Massachusetts,
  MI Michigan, MN Minnesota, MS Mississippi, MO Missouri, MT Montana, NE Nebraska, NV Nevada,
  NH New Hampshire, NJ New Jersey, NM New Mexico|Neumexiko|Neu-Mexiko, NY New York,
  NC North Carolina|Nordkarolina, ND North Dakota|Norddakota, OH Ohio, OK Oklahoma, OR Oregon,
  PA Pennsylvania|Pennsylvanien, RI Rhode Island, SC South Carolina|Südkarolina,
  SD South Dakota|Süddakota, TN Tennessee, TX Texas, UT Utah, VT Vermont, VA Virginia,
  WA Washington, WV West Virginia, WI Wisconsin, WY Wyoming, DC District of Columbia,
  PR Puerto Rico`;

const codes = new Map<string, string>();
/** Single words of the names, which are no slips of other words. */
const words = new Set<string>();
for (const entry of names.split(",")) {
  const code = entry.trim().slice(0, 2);
  codes.set(code, code);
  for (const name of entry.trim().slice(3).split("|")) {
    codes.set(fold(name), code);
    for (const word of fold(name).split(" ")) if (word.length > 3) words.add(word);
  }
}

/** The code of a state by its folded name; undefined: no such state. */
export const stateOf = (name: string): string | undefined =>
  name.length > 2 ? codes.get(name) : undefined;

export const isWordOfState = (word: string): boolean => words.has(word);

const sharedMin = 0.8;
const statesMin = 5;

/** Nearly all values of a column are such codes, so that "TX" is Texas there. */
export function areStateCodes(values: readonly string[]): boolean {
  const known = values.filter((value) => value.length === 2 && codes.has(value)).length;
  return known >= statesMin && known >= values.length * sharedMin;
}

/** The state that a value stands for. */
export const stateOfValue = (value: string, coded: boolean): string | undefined =>
  coded && value.length === 2 ? codes.get(value) : stateOf(fold(value));
