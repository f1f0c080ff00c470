/** File endings and the media types they stand for, both ways. */
const types: Record<string, string> = {
  csv: "text/csv",
  tsv: "text/tab-separated-values",
  tab: "text/tab-separated-values",
  json: "application/json",
  geojson: "application/json",
  jsonl: "application/x-ndjson",
  ndjson: "application/x-ndjson",
  parquet: "application/vnd.apache.parquet",
  txt: "text/plain",
  md: "text/markdown",
  svg: "image/svg+xml",
  png: "image/png",
  jpg: "image/jpeg",
  "vl.json": "application/vnd.vegalite+json",
  pdf: "application/pdf",
};

export const unknownMediaType = "application/octet-stream";

/** By the longest ending that is known: "a.vl.json" before "a.json". */
export function mediaTypeOf(filename: string): string {
  const [, ...endings] = filename.toLowerCase().split(".");
  for (let i = 0; i < endings.length; i++) {
    const type = types[endings.slice(i).join(".")];
    if (type) return type;
  }
  return unknownMediaType;
}

/** With the dot; empty: none is known. */
export function endingOf(mediaType: string): string {
  const found = Object.entries(types).find(([, type]) => type === mediaType);
  return found ? `.${found[0]}` : "";
}
