// Renders the whole console in a DOM against a Keiko in memory: no HTTP, no browser.

import { toJson } from "@bufbuild/protobuf";
import { createRouterTransport } from "@connectrpc/connect";
import { FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { flushSync, mount, unmount } from "svelte";
import App from "../App.svelte";
import { House } from "./house.ts";
import { chartMarks, weatherFile } from "./weather.ts";

export interface Rendered {
  house: House;
  /** Cuts every call, as a server that is gone does. */
  line: { cut: boolean };
  /** The element once it is there; fails after five seconds, with what is there instead. */
  find<E extends HTMLElement = HTMLElement>(selector: string, text?: string): Promise<E>;
  /** Resolves when nothing fits any more. */
  gone(selector: string, text?: string): Promise<void>;
  type(text: string): Promise<void>;
  attach(filename: string): Promise<void>;
  close(): Promise<void>;
}

const waitMsMax = 5000;

export function renderAt(path: string, house = new House()): Rendered {
  history.replaceState(null, "", path);
  const target = document.body.appendChild(document.createElement("div"));
  const line = { cut: false };
  const cut = () => new TypeError("Failed to fetch");
  const http = async (input: RequestInfo | URL): Promise<Response> => {
    if (line.cut) throw cut();
    if (String(input) === "/files") return Response.json(toJson(FileSchema, weatherFile));
    if (String(input).startsWith("/files/9")) return Response.json(chartMarks);
    if (String(input) === "/samples/index.json") return Response.json(samples);
    return new Response("date,precipitation\n2012-01-01,0\n");
  };
  const app = mount(App, {
    target,
    props: {
      http,
      connect: (interceptors) =>
        createRouterTransport(house.routes, {
          transport: {
            interceptors: [
              ...interceptors,
              (next) => async (request) => {
                if (line.cut) throw cut();
                return next(request);
              },
            ],
          },
        }),
    },
  });
  flushSync();
  const look = <E extends HTMLElement>(selector: string, text?: string) =>
    [...document.querySelectorAll<E>(selector)].find(
      (element) => !text || element.textContent?.includes(text),
    );
  const until = async <T>(ready: () => T | undefined, wanted: string): Promise<T> => {
    for (const end = Date.now() + waitMsMax; Date.now() < end; ) {
      flushSync();
      const found = ready();
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const there = target.textContent?.replaceAll(/\s+/g, " ");
    throw new Error(`${wanted} did not come about; the page says: ${there}`);
  };
  const rendered: Rendered = {
    house,
    line,
    find: (selector, text) => until(() => look(selector, text), `${selector} “${text ?? ""}”`),
    gone: async (selector, text) => {
      await until(
        () => (look(selector, text) ? undefined : true),
        `no ${selector} “${text ?? ""}”`,
      );
    },
    type: async (text) => {
      const field = await rendered.find<HTMLTextAreaElement>("textarea");
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      flushSync();
      field.dispatchEvent(
        new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }),
      );
      flushSync();
    },
    attach: async (filename) => {
      const picker = await rendered.find<HTMLInputElement>("form input[type=file]");
      const files = [new File(["date,precipitation\n"], filename, { type: "text/csv" })];
      Object.defineProperty(picker, "files", { value: files, configurable: true });
      picker.dispatchEvent(new Event("change", { bubbles: true }));
      flushSync();
    },
    close: async () => {
      await unmount(app);
      target.remove();
    },
  };
  return rendered;
}

const samples = [
  {
    filename: "seattle-weather.csv",
    goals: [
      { language: "en", text: "Show me the mean precipitation per month as a bar chart" },
      { language: "de", text: "Zeige mir den mittleren Niederschlag pro Monat" },
    ],
  },
];
