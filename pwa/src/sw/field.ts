/// <reference lib="webworker" />
import { noteOnPush } from "./push";
import { shell } from "./shell";

noteOnPush();

// The desk and the field secretary's log have their own pages; answers come from the network or not at all.
shell(
  "/index.html",
  (path) =>
    !/^\/(desk|falt|besked|redovisa|butik|brev|kort|api|sync|uploads|photos|open311|ogc|healthz|openapi)(\/|\.|$)/.test(
      path,
    ),
);
