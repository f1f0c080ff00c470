// How a command ends. The numbers are part of the interface: scripts branch on them.

export const EXIT = {
  done: 0,
  failed: 1,
  /** Nothing ran: no plan serves the goal, or the plan does not fit the contracts. */
  refused: 2,
  /** A person has to decide before it goes on. */
  waiting: 3,
  wrongUsage: 64,
  /** A second Ctrl-C, as shells report it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The command line is not one that Keiko understands. */
export class WrongUsage extends Error {}

/** The command cannot do its work; the message says why and what helps. */
export class CommandFailed extends Error {}
