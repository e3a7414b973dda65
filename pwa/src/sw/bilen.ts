/// <reference lib="webworker" />
import { noteOnPush } from "./push";
import { shell } from "./shell";

noteOnPush("new window");

// The desk itself works on line only; the list in the van is the one page of it that opens without a network.
shell("/desk/index.html", (path) => path === "/desk/atgarder/bilen");
