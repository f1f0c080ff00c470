// What the palette offers for what is typed. Pure, so that it can be tested without a page.

import type { Skill } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import type { Conversation, TaskSummary } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import Activity from "@lucide/svelte/icons/activity";
import Bot from "@lucide/svelte/icons/bot";
import CornerDownRight from "@lucide/svelte/icons/corner-down-right";
import Inbox from "@lucide/svelte/icons/inbox";
import Keyboard from "@lucide/svelte/icons/keyboard";
import Languages from "@lucide/svelte/icons/languages";
import ListTodo from "@lucide/svelte/icons/list-todo";
import MessagesSquare from "@lucide/svelte/icons/messages-square";
import Settings from "@lucide/svelte/icons/settings";
import Sparkles from "@lucide/svelte/icons/sparkles";
import SquarePen from "@lucide/svelte/icons/square-pen";
import SunMoon from "@lucide/svelte/icons/sun-moon";
import Workflow from "@lucide/svelte/icons/workflow";
import { hrefOfName } from "../routes/router.ts";
import type { Words } from "../words/english.ts";
import type { Language } from "../words/format.ts";
import { shortType } from "./plan-graph.ts";
import type { Theme } from "./preferences.svelte.ts";

export interface PaletteItem {
  id: string;
  group: string;
  label: string;
  hint: string;
  icon: typeof Bot;
  does:
    | { kind: "go"; href: string }
    | { kind: "ask"; goal: string }
    | { kind: "language"; language: Language }
    | { kind: "theme"; theme: Theme }
    | { kind: "shortcuts" };
}

export interface PaletteSources {
  words: Words;
  language: Language;
  theme: Theme;
  skills: readonly Skill[];
  tasks: readonly TaskSummary[];
  conversations: readonly Conversation[];
  /** What the tasks and conversations were searched with; they lag behind what is typed. */
  searched: string;
}

const skillsMax = 6;

/** Asking what is typed stands first only when nothing has that name. */
export function paletteItems(typed: string, sources: PaletteSources): PaletteItem[] {
  const needle = typed.trim().toLocaleLowerCase();
  const fits = ({ label, hint }: PaletteItem) =>
    !needle || `${label} ${hint}`.toLocaleLowerCase().includes(needle);
  // The server looks into more than what is shown here; until it has answered, what is shown counts.
  const fresh = sources.searched === typed.trim();
  const kept = (items: PaletteItem[]) => (fresh ? items : items.filter(fits));
  const found = [
    ...pages(sources).filter(fits),
    ...skills(sources).filter(fits).slice(0, skillsMax),
    ...kept(conversations(sources)),
    ...kept(tasks(sources)),
    ...actions(sources).filter(fits),
  ];
  if (!needle) return found;
  const { palette } = sources.words;
  const goal = typed.trim();
  const ask: PaletteItem = {
    id: "ask",
    group: palette.actions,
    label: palette.ask(goal),
    hint: "",
    icon: CornerDownRight,
    does: { kind: "ask", goal },
  };
  return needle.includes(" ") || found.length === 0 ? [ask, ...found] : [...found, ask];
}

function pages({ words }: PaletteSources): PaletteItem[] {
  const { nav, conversations, palette, ask } = words;
  const page = (label: string, href: string, icon: typeof Bot): PaletteItem => ({
    id: `${href} ${label}`,
    group: palette.pages,
    label,
    hint: "",
    icon,
    does: { kind: "go", href },
  });
  return [
    page(ask.fresh, "/", SquarePen),
    page(conversations.title, "/conversations", MessagesSquare),
    page(nav.inbox, "/inbox", Inbox),
    page(nav.tasks, "/tasks", ListTodo),
    page(nav.plans, "/plans", Workflow),
    page(nav.agents, "/agents", Bot),
    page(nav.activity, "/activity", Activity),
    page(nav.settings, "/settings", Settings),
  ];
}

const skills = ({ words, language, skills }: PaletteSources): PaletteItem[] =>
  skills.map(({ name, method, contract }) => ({
    id: name,
    group: words.palette.skills,
    label: contract?.title?.[language] || shortType(method),
    hint: shortType(method),
    icon: Sparkles,
    does: { kind: "go", href: hrefOfName(name) },
  }));

const conversations = ({ words, conversations }: PaletteSources): PaletteItem[] =>
  conversations.map(({ name, title, taskCount }) => ({
    id: name,
    group: words.palette.conversations,
    label: title,
    hint: words.conversations.questions(taskCount),
    icon: MessagesSquare,
    does: { kind: "go", href: hrefOfName(name) },
  }));

const tasks = ({ words, tasks }: PaletteSources): PaletteItem[] =>
  tasks.map(({ name, goal }) => ({
    id: name,
    group: words.palette.tasks,
    label: goal,
    hint: "",
    icon: ListTodo,
    does: { kind: "go", href: hrefOfName(name) },
  }));

function actions({ words, language, theme }: PaletteSources): PaletteItem[] {
  const { palette, settings, shortcuts } = words;
  const themes = (["light", "dark", "system"] as const).filter((one) => one !== theme);
  const other: Language = language === "de" ? "en" : "de";
  const action = (
    id: string,
    label: string,
    icon: typeof Bot,
    does: PaletteItem["does"],
  ): PaletteItem => ({ id, group: palette.actions, label, hint: "", icon, does });
  return [
    ...themes.map((one) =>
      action(`theme ${one}`, palette.theme(settings[one]), SunMoon, { kind: "theme", theme: one }),
    ),
    action("language", palette.language(other === "de" ? "Deutsch" : "English"), Languages, {
      kind: "language",
      language: other,
    }),
    action("shortcuts", shortcuts.title, Keyboard, { kind: "shortcuts" }),
  ];
}
