/// <reference lib="webworker" />
import { shell } from "./shell";

// The desk and the field secretary's log have their own pages; answers come from the network or not at all.
shell(
  "/index.html",
  (path) => !/^\/(desk|falt|api|sync|uploads|photos|open311|ogc|healthz|openapi)(\/|\.|$)/.test(path),
);
