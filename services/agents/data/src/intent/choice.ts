/** What the candidates of a choice have in common. */
import type { ColumnChoice } from "../language/parts.ts";
import { isNumeric } from "../read/profile.ts";

/** A figure: some candidate holds numbers that are not years. */
export const isNumber = (choice: ColumnChoice) =>
  choice.matches.some(({ column }) => isNumeric(column.type) && !column.is_year);
