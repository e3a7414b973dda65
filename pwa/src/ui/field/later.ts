/** The screens no photo waits for, in one file of their own that is fetched after the first paint and precached. */
export { HandIn } from "./HandIn";
export { Join } from "./Join";
export { MoveIt } from "./MoveIt";
export { Outbox } from "./Outbox";
export { Privacy } from "./Privacy";
export { Ready } from "./Ready";
export { Replies } from "./Replies";
export { RoutePage } from "./RoutePage";
export { Sent } from "./Sent";
