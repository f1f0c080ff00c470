type Text = string | Promise<string>;

/** Puts text on the clipboard, and cells as HTML where the target can take them. The texts may still
 * be on their way: the browser counts the click as long as it is asked at once. Throws when it does
 * not allow it. */
export async function copyText(text: Text, html?: Text): Promise<void> {
  if (typeof ClipboardItem === "undefined") return navigator.clipboard.writeText(await text);
  const blob = (type: string, of: Text) =>
    Promise.resolve(of).then((content) => new Blob([content], { type }));
  const item = new ClipboardItem({
    "text/plain": blob("text/plain", text),
    ...(html ? { "text/html": blob("text/html", html) } : {}),
  });
  return navigator.clipboard.write([item]);
}

/** Saves text as a file of this name. */
export function saveText(text: string, filename: string, mediaType: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: mediaType }));
  const link = Object.assign(document.createElement("a"), { href: address, download: filename });
  link.click();
  URL.revokeObjectURL(address);
}
