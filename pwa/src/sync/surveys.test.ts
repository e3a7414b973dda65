import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import type { TabletAnswer } from "../domain/wire";
import { keepAnswer, keptAnswers } from "../storage/surveys";
import { sendAnswers } from "./surveys";

function anAnswer(): TabletAnswer {
  const said = { place: "torg", hours: "fre–lör 22–00", felt: "safe", help: "", age: "" } as const;
  return { ...said, id: crypto.randomUUID(), on: "2026-11-20" };
}

async function keep(n: number): Promise<void> {
  for (let i = 0; i < n; i++) {
    const answer = anAnswer();
    await keepAnswer({ id: answer.id, at: "lidkoping/kod", answer, refused: "" });
  }
}

const json = (status: number, body: unknown = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

test("what is kept without a network is sent when there is one, once each, and then nothing of it is left", async () => {
  await keep(3);
  const came: string[] = [];
  const lost = async () => Promise.reject(new TypeError("no network"));
  const server = async (_path: string, init: RequestInit) => {
    came.push((JSON.parse(String(init.body)) as TabletAnswer).id);
    return json(200);
  };

  expect(await sendAnswers(lost)).toBe("waits");
  const both = await Promise.all([sendAnswers(server), sendAnswers(server)]);

  expect(both).toEqual(["nothing", "nothing"]);
  expect(new Set(came).size).toBe(3);
  expect(came.length).toBe(3);
  expect(await keptAnswers()).toEqual([]);
});

test("neither a sign-in page nor a busy server takes an answer away, and a refused one stays to be looked at", async () => {
  await keep(1);
  const page = new Response("<html>", { status: 200, headers: { "Content-Type": "text/html" } });

  expect(await sendAnswers(async () => page)).toBe("waits");
  expect(await sendAnswers(async () => json(429))).toBe("waits");
  expect(await sendAnswers(async () => json(503))).toBe("waits");
  expect(await sendAnswers(async () => json(409, { code: "survey_closed" }))).toBe("refused");

  expect((await keptAnswers()).map((it) => it.refused)).toEqual(["survey_closed"]);
});
