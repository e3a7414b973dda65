import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { SurveyAsked, TabletAnswer, Uuid } from "../domain/wire";

/** One person's answer, until the server has it. `at`: "municipality/code". `refused`: the server's no, "" = none. */
export interface KeptAnswer {
  id: Uuid;
  at: string;
  answer: TabletAnswer;
  refused: string;
}

interface Schema extends DBSchema {
  surveys: { key: string; value: SurveyAsked };
  answers: { key: Uuid; value: KeptAnswer };
}

const STRICT = { durability: "strict" } as const;
let opened: Promise<IDBPDatabase<Schema>> | null = null;

function open(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>("trygg-enkat", 1, {
    upgrade(db) {
      db.createObjectStore("surveys");
      db.createObjectStore("answers", { keyPath: "id" });
    },
    terminated() {
      opened = null;
    },
  });
  return opened;
}

export async function keepSurvey(at: string, survey: SurveyAsked): Promise<void> {
  await (await open()).put("surveys", survey, at);
}

export async function theSurvey(at: string): Promise<SurveyAsked | null> {
  return (await (await open()).get("surveys", at)) ?? null;
}

/** Resolves when the medium has it: only then is anybody thanked. */
export async function keepAnswer(kept: KeptAnswer): Promise<void> {
  const tx = (await open()).transaction("answers", "readwrite", STRICT);
  await tx.store.put(kept);
  await tx.done;
}

/** By id, which tells no order. */
export async function keptAnswers(): Promise<KeptAnswer[]> {
  return (await open()).getAll("answers");
}

/** The server has it: nothing of it stays on a tablet that others hold. */
export async function dropAnswer(id: Uuid): Promise<void> {
  await (await open()).delete("answers", id);
}
