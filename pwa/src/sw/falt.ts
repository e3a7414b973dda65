/// <reference lib="webworker" />
import { noteOnPush } from "./push";
import { shell } from "./shell";

noteOnPush("same window");
shell("/falt/index.html", (path) => path.startsWith("/falt/"));
