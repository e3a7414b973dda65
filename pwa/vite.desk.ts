import { surface } from "./build/surface.ts";

export default surface({ name: "desk", base: "/desk/", out: "desk", worker: "bilen.ts" });
