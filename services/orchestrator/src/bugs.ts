/**
 * Mistakes that the machine could make, each switched on by the name it is asked by: the simulator
 * proves that it would find them. They can be switched on only in a process that runs tests.
 */
export const bugs = [
  "late outcomes count",
  "no wait for running effects",
  "nothing is taken back",
  "the first is taken back first",
  "effects are repeated",
  "parallel steps forget each other's cost",
  "no money is held to take back",
  "a retry is not paid for",
  "what nobody answered for did not happen",
  "nobody is asked",
  "a decline is agreement",
  "time is never up",
  "a loop forgets its last element",
  "the fence is not held",
  "a takeover looks at nothing",
  "what a plan within did stays",
] as const;

export type Bug = (typeof bugs)[number];

let made: Bug | undefined;

export function bug(name: Bug): boolean {
  return made === name;
}

/** Undefined: none. Throws outside of tests. */
export function makeBug(name: Bug | undefined): void {
  if (process.env.KEIKO_TEST_BUGS !== "allowed") {
    throw new Error("mistakes are made only in a process that says KEIKO_TEST_BUGS=allowed");
  }
  made = name;
}
