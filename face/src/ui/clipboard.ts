/** Puts text on the clipboard, and cells as HTML where the target can take them. Throws when the
 * browser does not allow it. */
export async function copyText(text: string, html?: string): Promise<void> {
  if (!html || typeof ClipboardItem === "undefined") return navigator.clipboard.writeText(text);
  const item = new ClipboardItem({
    "text/plain": new Blob([text], { type: "text/plain" }),
    "text/html": new Blob([html], { type: "text/html" }),
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
