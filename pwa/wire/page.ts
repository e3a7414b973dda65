/**
 * What a page of the field app is made of, without its screens: the product's own sync code, for `phone.ts` to run as
 * often as a schedule opens a page. Every page evaluates this anew, as a browser does.
 */
export { sha256, uuid7 } from "../src/domain/ids";
export { openDatabase } from "../src/storage/database";
export * from "../src/storage/drafts";
export { forgetProven } from "../src/storage/forget";
export { identity, sessionId } from "../src/storage/identity";
export { handInAgain } from "../src/sync/again";
export { contact } from "../src/sync/contact";
export { correct, handIn, handInAlone, withdraw } from "../src/sync/hand_in";
export { items } from "../src/sync/items";
export { join } from "../src/sync/join";
export { startSender } from "../src/sync/sender";
export { upload } from "../src/sync/tus";
