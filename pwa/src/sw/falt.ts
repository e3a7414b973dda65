/// <reference lib="webworker" />
import { shell } from "./shell";

shell("/falt/index.html", (path) => path.startsWith("/falt/"));
