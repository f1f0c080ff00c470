// What `keiko --help` and `keiko help COMMAND` print.

const COMMON = `Where Keiko is
  --home DIR   its folder (else KEIKO_HOME, else the nearest .keiko upwards from here)
  --port PORT  its port (else KEIKO_PORT, else what its folder says, else 7600)`;

export const HELP: Readonly<Record<string, string>> = {
  "": `Usage: keiko COMMAND …

  run GOAL     do what the goal says, in German or English, and show the result
  plan GOAL    show what would be done, and do nothing
  task         list | show TASK | cancel TASK
  skill        list | search WORDS | show SKILL
  call         call any method: call keiko.x.v1.Service/Method '{"json": "request"}'
  event        tail: what happens inside, as it happens
  up           start Keiko as many processes, with a NATS server
  help         this, or help COMMAND

  keiko run "Which month was the wettest? Draw a bar chart" --attach seattle-weather.csv

${COMMON}

Exit codes: 0 done · 1 failed or cancelled · 2 refused before running · 3 waits for a person · 64 wrong usage`,
  run: `Usage: keiko run GOAL [--attach FILE]… [--after TASK] [--out DIR] [--json]

  --attach FILE  a file that belongs to the goal; may be given several times
  --after TASK   goes on from that task ("last": the latest): its files, its chart ("as a line")
  --out DIR      writes every result there: tables as .csv, charts as .svg, .png and .vl.json,
                 the answer as answer.md
  --json         prints the finished task as protobuf JSON (keiko.task.v1.Task) and nothing else

Progress goes to standard error, the result to standard output. Ctrl-C cancels the task.

${COMMON}`,
  plan: `Usage: keiko plan GOAL [--attach FILE]… [--json]

Shows the steps that "run" would take. Runs nothing. Exit code 2 when there is no plan.

${COMMON}`,
  task: `Usage: keiko task list [--limit N] [--json]
       keiko task show TASK [--out DIR] [--json]
       keiko task cancel TASK [--json]

TASK is "tasks/…" or what follows the slash.

${COMMON}`,
  skill: `Usage: keiko skill list [--json]
       keiko skill search WORDS [--json]
       keiko skill show SKILL [--json]

SKILL is "keiko.x.v1.Service/Method" or its method alone.

${COMMON}`,
  call: `Usage: keiko call keiko.x.v1.Service/Method [JSON | -]

Calls a registered method with a request in protobuf JSON ("-" reads it from standard input, nothing
means {}). A server stream prints one JSON a line; a client stream takes a JSON list.

${COMMON}`,
  event: `Usage: keiko event tail [--kind KIND]… [--json]

Prints what happens from now on, a line each, until Ctrl-C: workloads that come and go, tasks and steps,
policy, files. --json prints one keiko.event.v1.Event as protobuf JSON a line.

KIND is workload-registered, workload-changed, workload-left, task-changed, step-changed,
policy-changed or artifact-stored.

${COMMON}`,
  up: `Usage: keiko up [--home DIR] [--port PORT] [--replicas UNIT=N]… [--file-mb N]

Starts every unit of Keiko as a process of its own on this machine, with mutual TLS between all of them.
State is kept in a NATS server, which is started too (nats-server must be installed), or is the one of
KEIKO_NATS_URL. What "npm start" keeps in the same folder is not touched and not seen.

  --replicas data=3          that many processes of a unit, several with commas
  --file-mb N                the largest file that can be attached, in MiB
  --certificate-minutes N    how long a certificate is good for, at most 60; renewed after a third

Ctrl-C stops: nobody new is let in, running calls end, then the server.`,
};
