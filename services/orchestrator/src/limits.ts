/** The orchestrator's bounds; what a contract or a task states below them goes first. */
export const limits = {
  attempts_max: 3,
  retry_ms_base: 200,
  retry_ms_max: 3600_000,
  /** How often a call that takes another back is tried. */
  undo_attempts_max: 5,
  /** How often a task is planned anew. */
  replans_max: 2,
  /** Runs of a loop at a time, where it does not say. */
  loop_parallel_default: 8,
  /** How long a person has to decide, where the plan does not say. */
  decision_time_ms_default: 7 * 24 * 3600_000,
  step_time_ms_default: 60_000,
  task_time_ms_default: 3600_000,
  task_time_ms_max: 30 * 24 * 3600_000,
  /** An outcome may arrive this much after the worker had to end. */
  outcome_grace_ms: 2_000,
  /** How often deadlines are looked at. */
  tick_ms: 250,
  /** After how long a step that is under way is handed out again; longer than its lease. */
  send_again_ms: 20_000,
  /** Ended tasks kept in memory for readers. */
  ended_tasks_cached_max: 500,
  /** How many more may come before it is looked again which of them can go. */
  tasks_cached_stride: 100,
  /** A step's response shown as JSON; longer ones are left out of the view. */
  response_json_bytes_max: 65_536,
  /** How deep the planner chains. */
  plan_depth_max: 5,
  /** Contracts of the past kept for reading old results. */
  contracts_cached_max: 200,
  /** Into how many parts tasks fall, each led by one orchestrator; so many can there be at most. */
  partitions: 8,
  /** How often an orchestrator says that it is there, and after how much silence it is taken for gone. */
  replica_beat_ms: 250,
  replica_silence_ms: 1_000,
  /** Tasks that are taken up at a time after a start or a takeover. */
  taken_up_at_a_time: 16,
  outcomes_at_a_time: 64,
  /** How many records the lists of a partition in which nothing happens may lag behind. */
  checkpoint_stride: 1_000,
  /** Runs of one loop that a view shows. */
  items_shown_max: 100,
  /** How often schedules are looked at, and how many missed points in time are gone through. */
  triggers_look_ms: 1_000,
  points_passed_max: 100_000,
  /** How often one trigger may start its plan by events; what comes beyond starts nothing. */
  trigger_starts_per_minute: 60,
  /** Events that wait to be matched with triggers. */
  events_pending_max: 10_000,
  /** How deep a task of a task of a task may lie. */
  task_depth_max: 5,
  /** How long a call may take that is made anew to compare its answer. */
  replay_call_ms: 60_000,
  /** How long to wait before what is listened to is listened to again after a failure. */
  try_again_ms: 200,
  /** How long to wait at most before a task is taken up that could not be: its contracts may be missing. */
  take_up_again_ms_max: 30_000,
  /** How often it is looked whether somebody went whom tasks need, and how many of those are named. */
  missed_look_ms: 500,
  missed_tasks_named_max: 10,
  /** How often checkpoints are written at most; what came after one is read again at a takeover. */
  checkpoint_ms: 2_000,
  /** How often list entries are written back; the journal is the truth meanwhile. */
  projection_flush_ms: 200,
  /** Tasks that wait for a watcher that does not read; beyond that its stream ends. */
  watched_tasks_pending_max: 10_000,
  /** How many tasks back the chart of a conversation may lie. */
  previous_tasks_max: 20,
  /** Goals before that a goal may go on from. */
  earlier_goals_max: 8,
  /** Cells of an earlier table whose words a follow-up may use. */
  earlier_cells_max: 2_000,
} as const;
