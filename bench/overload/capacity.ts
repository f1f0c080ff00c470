/** What the server of the overload bench can do: so many calls at a time, each of so long. */
export const running_max = 16;
export const work_ms = 40;
export const per_second = (running_max * 1_000) / work_ms;
