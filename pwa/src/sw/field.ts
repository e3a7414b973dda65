/// <reference lib="webworker" />
import { noteOnPush } from "./push";
import { shell } from "./shell";

noteOnPush("same window");

// The desk and the field secretary's log have their own pages; what the server makes comes from the network or not at all.
const NOT_OURS =
  /^\/(desk|falt|folj|foljare|enkat|protokoll|oppna-data|tillganglighet|besked|redovisa|butik|kvallar|brev|kort|api|sync|uploads|photos|open311|ogc|healthz|openapi)(\/|\.|$)/;

shell("/index.html", (path) => !NOT_OURS.test(path));
