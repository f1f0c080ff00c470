/** What every file of browser tests needs: a Keiko of its own, a browser, and windows into it. */
import { data } from "@keiko/agent-data/agent.ts";
import { visual } from "@keiko/agent-visual/agent.ts";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, vi } from "vitest";
import { startKeiko, type TestKeiko } from "../support/keiko.ts";
import { probeAgent } from "../support/probe-agent.ts";
import { launchBrowser } from "./browser.ts";
import { openWindow, signIn, type Visitor, type WindowOptions } from "./visitor.ts";

export interface Stage {
  readonly keiko: TestKeiko;
  readonly browser: Browser;
  readonly session: Awaited<ReturnType<typeof signIn>>;
  /** The window that was opened last. */
  readonly visitor: Visitor;
  open(path: string, options?: WindowOptions): Promise<Page>;
}

/** Call it at the top of a file. After each test it holds that nothing was asked for anywhere but at
 * the gateway, and that nothing went wrong in the page. */
export function useStage(): Stage {
  // A browser on a busy machine takes its time; what fails fails on what is missing, not on speed.
  vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });
  let keiko: TestKeiko;
  let browser: Browser;
  let session: Awaited<ReturnType<typeof signIn>>;
  let visitors: Visitor[] = [];

  beforeAll(async () => {
    [keiko, browser] = await Promise.all([
      startKeiko({ agents: ({ log }) => [data, visual, probeAgent(log)] }),
      launchBrowser(),
    ]);
    session = await signIn(browser, keiko.signInLink());
  });
  afterAll(async () => {
    await browser?.close();
    await keiko?.stop();
  });
  afterEach(async () => {
    const seen = visitors;
    visitors = [];
    await Promise.all(seen.map(({ context }) => context.close()));
    const foreign = seen
      .flatMap(({ requests }) => requests)
      .filter((url) => !/^(blob|data):/.test(url) && !url.startsWith(`${keiko.base}/`));
    expect(foreign).toEqual([]);
    expect(seen.flatMap(({ errors }) => errors)).toEqual([]);
  });

  return {
    get keiko() {
      return keiko;
    },
    get browser() {
      return browser;
    },
    get session() {
      return session;
    },
    get visitor() {
      return visitors.at(-1)!;
    },
    async open(path, options = {}) {
      const visitor = await openWindow(browser, session, options);
      visitors.push(visitor);
      await visitor.page.goto(keiko.base + path);
      return visitor.page;
    },
  };
}
