import type { Attachment } from "svelte/attachments";

/** A `<dialog>` that is open for as long as it is in the page; Esc, a click on its veil and `leave`
 * close it. Browsers tell that a dialog has closed a moment later; by then whoever opened it may have
 * opened it again, and would be answered by that. So `onclose` is called at once, and once. */
export function createModal(onclose: () => void) {
  let dialog: HTMLDialogElement | undefined;
  let left = false;
  const leave = () => {
    if (left) return;
    left = true;
    dialog?.close();
    onclose();
  };
  const show: Attachment<HTMLDialogElement> = (node) => {
    // A click on the veil is a click on the dialog itself, outside its content.
    const onClick = (event: MouseEvent) => event.target === node && leave();
    // A file picker that is cancelled says so to everything around it.
    const onCancel = (event: Event) => event.target === node && leave();
    dialog = node;
    node.addEventListener("cancel", onCancel);
    node.addEventListener("close", leave);
    node.addEventListener("click", onClick);
    node.showModal();
    return () => {
      node.removeEventListener("cancel", onCancel);
      node.removeEventListener("close", leave);
      node.removeEventListener("click", onClick);
    };
  };
  return { show, leave };
}
