import { englishEditor } from "./english-editor.ts";
import type { Language } from "./format.ts";
import { germanEditor } from "./german-editor.ts";

/** Apart from the other words, because only who writes plans needs them. */
export const editorWords = (language: Language) =>
  language === "de" ? germanEditor : englishEditor;
