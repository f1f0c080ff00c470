/** What is not needed for the first question, and so is no part of the first load. */
export const parts = {
  tasks: () => import("../pages/TasksPage.svelte"),
  task: () => import("../pages/TaskPage.svelte"),
  inbox: () => import("../pages/InboxPage.svelte"),
  plans: () => import("../pages/PlansPage.svelte"),
  plan: () => import("../pages/PlanPage.svelte"),
  planEdit: () => import("../pages/PlanEditPage.svelte"),
  agents: () => import("../pages/AgentsPage.svelte"),
  activity: () => import("../pages/ActivityPage.svelte"),
  conversations: () => import("../pages/ConversationsPage.svelte"),
  table: () => import("../pages/TablePage.svelte"),
  skill: () => import("../pages/SkillPage.svelte"),
  settings: () => import("../pages/SettingsPage.svelte"),
  inspector: () => import("./InspectorBody.svelte"),
  palette: () => import("./Palette.svelte"),
};
