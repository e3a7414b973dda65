import { surface } from "./build/surface.ts";

export default surface({
  name: "field",
  base: "/",
  out: "field",
  installed: { name: "Trygghetsvandring", short_name: "Vandring", worker: "field.ts" },
});
