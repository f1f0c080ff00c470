import "./ui/tokens.css";
import "./ui/base.css";
import { createConnectTransport } from "@connectrpc/connect-web";
import { mount } from "svelte";
import App from "./App.svelte";

const answerMsMax = 60_000;

mount(App, {
  target: document.getElementById("app")!,
  props: {
    http: (input: RequestInfo | URL, init?: RequestInit) => fetch(input, init),
    connect: (interceptors) =>
      createConnectTransport({
        baseUrl: location.origin,
        useBinaryFormat: true,
        // For single answers; streams say that they have no deadline.
        defaultTimeoutMs: answerMsMax,
        interceptors,
      }),
  },
});
