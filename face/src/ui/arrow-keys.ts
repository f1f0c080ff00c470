import type { Attachment } from "svelte/attachments";

/** Lets the arrow keys, Home and End move the focus between the rows of a list. */
export const arrowKeys =
  (rows: string): Attachment<HTMLElement> =>
  (list) => {
    const onKey = (event: KeyboardEvent) => {
      const items = [...list.querySelectorAll<HTMLElement>(rows)];
      const at = items.indexOf(document.activeElement as HTMLElement);
      if (at < 0) return;
      const target = {
        ArrowDown: Math.min(at + 1, items.length - 1),
        ArrowUp: Math.max(at - 1, 0),
        Home: 0,
        End: items.length - 1,
      }[event.key];
      if (target === undefined) return;
      event.preventDefault();
      items[target]?.focus();
    };
    list.addEventListener("keydown", onKey);
    return () => list.removeEventListener("keydown", onKey);
  };
