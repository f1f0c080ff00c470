/** Which groups follow each other in time. */
import { isTemporal } from "./columns.ts";
import type { Dimension } from "./intent.ts";

export const isTime = (dimension: Dimension) =>
  (dimension.kind === "time" && !dimension.cyclic) ||
  (dimension.kind === "column" && isTemporal(dimension.column));
