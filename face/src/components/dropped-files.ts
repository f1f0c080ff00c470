// What arrives by dropping, pasting or picking, as named bytes.

export interface NamedBytes {
  content: Blob;
  filename: string;
}

/** Files of a drop or a paste; a folder among them is told apart, because a browser gives its name
 * but not its content. */
export function filesOf(data: DataTransfer): { files: NamedBytes[]; folder: boolean } {
  const files: NamedBytes[] = [];
  let folder = false;
  for (const item of data.items) {
    if (item.kind !== "file") continue;
    if (item.webkitGetAsEntry?.()?.isDirectory) {
      folder = true;
      continue;
    }
    const file = item.getAsFile();
    if (file) files.push({ content: file, filename: file.name });
  }
  return { files, folder };
}

/** Cells copied from a spreadsheet, as a table of their own; unset when the text is only text. */
export function tableOf(text: string): NamedBytes | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim());
  const width = lines[0]?.split("\t").length ?? 0;
  if (lines.length < 2 || width < 2) return undefined;
  if (!lines.every((line) => line.split("\t").length === width)) return undefined;
  const content = new Blob([`${lines.join("\n")}\n`], { type: "text/tab-separated-values" });
  return { content, filename: "pasted-table.tsv" };
}
