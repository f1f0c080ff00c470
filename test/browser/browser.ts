import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const systemPaths = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

// A browser that speaks to nobody but the page: no updates, no reports, no pings.
const quiet = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-domain-reliability",
  "--disable-gpu",
  "--disable-sync",
  "--no-first-run",
  "--no-pings",
];

/** Starts the system's Chromium, or the one that npm carries where there is none. */
export async function launchBrowser(): Promise<Browser> {
  const system = process.env.CHROMIUM_PATH ?? systemPaths.find((path) => existsSync(path));
  if (system) {
    const args = ["--no-sandbox", "--disable-dev-shm-usage", ...quiet];
    return chromium.launch({ executablePath: system, args });
  }
  const { default: carried } = await import("@sparticuz/chromium");
  // Made for one short page in a cloud function: in a single process, a closed window takes all of it.
  const args = carried.args.filter((arg) => !/^--(single-process|no-zygote|headless)/.test(arg));
  return chromium.launch({
    executablePath: await carried.executablePath(),
    args: [...args, "--headless=shell", ...quiet],
    headless: true,
  });
}
