import type { ProtocolTexts, ProtocolView, Uuid } from "../../../domain/wire";

/** What a person is writing. The same as the server's, with one line of text for the parties. */
export type Draft = Omit<ProtocolTexts, "parties"> & { parties: string };

const NAMES = [
  "reference",
  "weather",
  "purpose",
  "summary",
  "feedback",
  "next_walk_on",
  "comments",
  "words",
  "judged",
  "photos",
] as const;

export function draftOf(protocol: ProtocolView["protocol"]): Draft {
  const kept = Object.fromEntries(NAMES.map((name) => [name, protocol[name]])) as Omit<Draft, "parties">;
  return { ...kept, parties: protocol.parties.join("\n") };
}

/** Only what differs from what was read: two who write in different fields do not undo each other. */
export function changesOf(draft: Draft, protocol: ProtocolView["protocol"]): Partial<ProtocolTexts> {
  const now: ProtocolTexts = { ...draft, parties: lines(draft.parties) };
  const changed = [...NAMES, "parties" as const].filter(
    (name) => JSON.stringify(now[name]) !== JSON.stringify(protocol[name]),
  );
  return Object.fromEntries(changed.map((name) => [name, now[name]]));
}

/** What is written here, laid over what has been saved meanwhile: fields untouched here follow the server. */
export function rebased(draft: Draft, read: ProtocolView["protocol"], now: ProtocolView["protocol"]): Draft {
  const mine = Object.keys(changesOf(draft, read)) as (keyof Draft)[];
  return { ...draftOf(now), ...Object.fromEntries(mine.map((name) => [name, draft[name]])) };
}

/** Whether somebody else has written in a field that is being written in here. */
export function metAnother(draft: Draft, read: ProtocolView["protocol"], now: ProtocolView["protocol"]): boolean {
  const theirs = changesOf(draftOf(now), read);
  const still = changesOf(draft, now);
  return Object.keys(changesOf(draft, read)).some((name) => name in theirs && name in still);
}

function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

type Written = { id: Uuid; text: string }[];

export function textOf(all: Written, id: Uuid): string {
  return all.find((each) => each.id === id)?.text ?? "";
}

/** With this text about this thing; an empty one takes it away. */
export function withText(all: Written, id: Uuid, text: string): Written {
  if (all.some((each) => each.id === id))
    return all.flatMap((each) => (each.id !== id ? [each] : text ? [{ id, text }] : []));
  return text ? [...all, { id, text }] : all;
}

export function toggled(photos: Uuid[], id: Uuid): Uuid[] {
  return photos.includes(id) ? photos.filter((each) => each !== id) : [...photos, id];
}
