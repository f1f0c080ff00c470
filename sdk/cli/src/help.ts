// What `keiko --help` and `keiko help COMMAND` print.

const COMMON = `Where Keiko is
  --home DIR   its folder (else KEIKO_HOME, else the nearest .keiko upwards from here)
  --port PORT  its port (else KEIKO_PORT, else what its folder says, else 7600)`;

export const HELP: Readonly<Record<string, string>> = {
  "": `Usage: keiko COMMAND …

  run GOAL     do what the goal says, in German or English, and show the result
  plan GOAL    show what would be done, and do nothing
  plan         store NAME FILE | list | show NAME | run NAME | trigger NAME | delete NAME
  task         list | show TASK | cancel, pause, resume, record, replay TASK
               approve, decline, answer, delegate TASK
  inbox        what waits for your word
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

Progress goes to standard error, the result to standard output. Ctrl-C cancels the task. Where a person
is waited for, the command asks at a terminal; elsewhere, with --json, or when Enter leaves it, it exits
with 3 and says how to answer.

${COMMON}`,
  plan: `Usage: keiko plan GOAL [--attach FILE]… [--json]

Shows the steps that "run" would take. Runs nothing. Exit code 2 when there is no plan.

       keiko plan check FILE [--attach FILE]… [--minutes N] [--euros N] [--json]
       keiko plan store NAME FILE [--expect VERSION] [--json]
       keiko plan list | show NAME [--version N] | delete NAME [--json]
       keiko plan run NAME [--input name=value]… [--attach FILE]… [--version N] [--out DIR] [--json]
       keiko plan trigger NAME --cron "30 6 * * 1-5" [--time-zone Europe/Berlin] [--input name=value]…
       keiko plan trigger NAME --event KIND [--where field=value]… [--parameter NAME]
       keiko plan trigger NAME --none

FILE is a keiko.plan.v1.Plan as YAML or JSON. "check" says with line and column what is wrong with it
(exit code 2), also that it may take more than --minutes (else 60) or --euros (else nothing). One that
does not compile is not kept (exit code 2). Values are read as the parameter wants them: a file by its
path, yes or no, texts with commas between them.
Triggers replace those that there were. KIND is one of those of "event tail".

${COMMON}`,
  task: `Usage: keiko task list [--plan NAME] [--limit N] [--json]
       keiko task show TASK [--out DIR] [--json]
       keiko task cancel | pause | resume TASK [--json]
       keiko task approve | decline TASK [STEP] [--note TEXT] [--json]
       keiko task answer TASK [STEP] VALUE [--json]
       keiko task delegate TASK STEP USER [--json]
       keiko task record TASK > FILE.json
       keiko task replay TASK | FILE.json [--against recorded | current | WORKLOAD] [--json]

TASK is "tasks/…" or what follows the slash. STEP may be left out where only one waits. VALUE is what the
question wants: text, a number, yes or no, the path of a file, texts with commas between them.
"replay" runs the task again from what was recorded, with no outside call; exit code 1 where it comes out
otherwise. "--against current" compares with the contracts and answers of now, "--against WORKLOAD" with
those of one workload, such as a newer agent beside the older one. "record" prints a task with
all that it takes to replay it anywhere: kept in a file, it is a regression test.

${COMMON}`,
  inbox: `Usage: keiko inbox [--json]

Lists what waits for your word, in your own tasks and in those of others, the oldest first, each with the
command that says it.

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
