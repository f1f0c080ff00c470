/** A key pressed there belongs to what is being written or to a dialog, not to the page. */
export const isTyping = (event: KeyboardEvent): boolean =>
  event.target instanceof Element &&
  event.target.closest("input, textarea, select, dialog") !== null;
