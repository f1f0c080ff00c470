/** Three servers that can be parted, in a process of its own, to be killed. Prints their addresses. */
import { startParted } from "./partition.ts";

const { urls } = await startParted();
console.log(JSON.stringify(urls));
// Nobody tells it to stop.
setInterval(() => {}, 60_000);
