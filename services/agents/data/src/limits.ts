/** Every bound of the data agent, its unit last. Passed in, so that a test or an operator can choose others. */
export interface DataLimits {
  /** Largest file that is opened, in bytes. */
  readonly file_bytes_max: number;
  /** Memory that DuckDB may take for one open file, in MiB; beyond it, it spills to disk. */
  readonly memory_mib_max: number;
  /** Room for spilling, per open file, in MiB. */
  readonly spill_mib_max: number;
  /** Threads per open file. */
  readonly thread_count_max: number;
  /** Files kept open between questions. */
  readonly open_files_max: number;
  /** Sum of the sizes of the files kept open, in bytes. */
  readonly open_bytes_max: number;
  /** A file that nobody asked about for so long is closed, in milliseconds. */
  readonly open_idle_ms_max: number;
  /** Time for one query, in milliseconds. */
  readonly query_ms_max: number;
  /** Columns in one file. */
  readonly columns_max: number;
  /** Rows that a table carries by value; more go to a CSV file. */
  readonly rows_by_value_max: number;
  /** Cells of one page of a table. */
  readonly page_cells_max: number;
  /** Rows in that CSV file. */
  readonly rows_in_file_max: number;
  /** Different texts of one column that a question can name. */
  readonly values_known_max: number;
  /** Words of one question. */
  readonly question_words_max: number;
}

export const dataLimits: DataLimits = {
  file_bytes_max: 64 * 1024 * 1024,
  memory_mib_max: 512,
  spill_mib_max: 2048,
  thread_count_max: 2,
  open_files_max: 4,
  open_bytes_max: 128 * 1024 * 1024,
  open_idle_ms_max: 300_000,
  query_ms_max: 20_000,
  columns_max: 1000,
  rows_by_value_max: 10_000,
  page_cells_max: 50_000,
  rows_in_file_max: 1_000_000,
  values_known_max: 5000,
  question_words_max: 120,
};

/** The usual limits with room for files of another size. */
export function limitsFor({ file_bytes_max }: { file_bytes_max: number }): DataLimits {
  const open_bytes_max = Math.max(dataLimits.open_bytes_max, 2 * file_bytes_max);
  return { ...dataLimits, file_bytes_max, open_bytes_max };
}
