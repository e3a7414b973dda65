import type { LagesbildView } from "../../../domain/wire";

type Draft = LagesbildView["draft"];
export type Words = Pick<Draft, "texts" | "crime" | "focus">;

/** What people have written of a draft, in one order: two that say the same are the same text. */
export function wordsOf({ texts, crime, focus }: Words): string {
  const told = texts.filter((it) => it.text.trim()).map((it) => [it.heading, it.text.trim()]);
  const by = crime && [crime.text, crime.source, crime.told_by, crime.told_on].map((it) => it.trim());
  return JSON.stringify([told.sort(), by, [...focus].sort()]);
}

/** Whether a newer draft says only what this person had read, or has just sent: else somebody else wrote meanwhile. */
export function isOwn(now: Words, read: string, sent: string | null): boolean {
  const words = wordsOf(now);
  return words === read || words === sent;
}
