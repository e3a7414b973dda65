declare module "virtual:faces" {
  export const faces: import("./cascade").Cascade;
}
