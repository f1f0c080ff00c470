/**
 * Names as NATS subjects, reversibly. `/` and `.` both end a token, so that a prefix that ends with
 * one of them is a filter that the server understands; a token that was ended by a dot says so with
 * `%.`'s stand-in `%d` at its end. An empty token is `%e`; what a subject cannot hold is `%` and two
 * upper-case hex digits, so neither can be mistaken for an escaped byte.
 */

const unsafe = /[%*>\s]/gu;

function escaped(token: string): string {
  return token.replace(unsafe, (found) => encodeHex(found));
}

/** A white space of Unicode is up to three bytes. */
function encodeHex(character: string): string {
  let hex = "";
  for (const byte of Buffer.from(character))
    hex += `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  return hex;
}

/** The name as tokens of a subject. */
export function encodeName(name: string): string {
  if (/^[^%*>\s./]+$/u.test(name)) return name;
  let encoded = "";
  for (let start = 0; ; ) {
    const length = name.slice(start).search(/[./]/);
    const end = length < 0 ? name.length : start + length;
    const token = escaped(name.slice(start, end));
    if (length < 0) return encoded + (token || "%e");
    encoded += name[end] === "." ? `${token}%d.` : `${token || "%e"}.`;
    start = end + 1;
  }
}

export function decodeName(encoded: string): string {
  const tokens = encoded.split(".");
  let name = "";
  for (const [i, token] of tokens.entries()) {
    const dotted = token.endsWith("%d");
    const bare = token === "%e" ? "" : dotted ? token.slice(0, -2) : token;
    name += bare.includes("%") ? decodeURIComponent(bare) : bare;
    if (i < tokens.length - 1) name += dotted ? "." : "/";
  }
  return name;
}

/** The narrowest subject filter for names that start with `prefix`; wider when it ends in a token. */
export function prefixFilter(prefix: string): string {
  const end = Math.max(prefix.lastIndexOf("/"), prefix.lastIndexOf("."));
  // The encoding of "a/" is "a.%e": what stands before the empty token is the filter's beginning.
  return end < 0 ? ">" : `${encodeName(prefix.slice(0, end + 1)).slice(0, -2)}>`;
}

/** By UTF-8 bytes, which JavaScript's own order is not. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
