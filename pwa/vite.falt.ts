import { surface } from "./build/surface.ts";

export default surface({
  name: "falt",
  base: "/falt/",
  out: "falt",
  installed: { name: "Närvarologg", short_name: "Närvaro", worker: "falt.ts" },
});
