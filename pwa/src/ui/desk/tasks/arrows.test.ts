import { expect, test } from "vitest";
import type { TaskWord } from "../../../domain/wire";
import { ARROWS, type Arrow, bodyFrom, fieldsOf, formsFor, mainArrow, missingFrom, type Values } from "./arrows";

const required = (...[arrow, from]: Parameters<typeof fieldsOf>) =>
  fieldsOf(arrow, from)
    .filter((field) => field.required)
    .map((field) => field.name);

const missing = (arrow: Arrow, from: TaskWord, values: Values, photos: number) =>
  missingFrom(fieldsOf(arrow, from), arrow, values, photos);

test("a coordinator who enters another's no says who said it and when, and a head does not", () => {
  const asked = fieldsOf("task.refuse", "accepted", true).map((field) => field.name);
  expect(asked).toEqual(["said_by", "said_on", "public_text"]);
  const values = { said_by: "Vaktmästare", said_on: "2026-11-20", public_text: "Häcken får stå." };
  expect(bodyFrom("task.refuse", values, [])).toEqual(values);
  expect(bodyFrom("task.refuse", { public_text: "Häcken får stå." }, [])).toEqual({ public_text: "Häcken får stå." });
});

test("saying no, not yet or somebody else always takes a reason that everybody can read", () => {
  expect(required("task.wait", "accepted")).toEqual(["reason", "next_look_on", "public_text"]);
  expect(required("task.refer", "accepted")).toEqual(["party", "contact", "reference", "next_look_on", "public_text"]);
  expect(required("task.refuse", "accepted")).toEqual(["public_text"]);
  expect(required("task.decline", "assigned")).toEqual(["reason", "public_text"]);
});

test("the ordinary steps ask for one thing each", () => {
  expect(required("task.accept", "assigned")).toEqual(["person"]);
  expect(required("task.plan", "accepted")).toEqual(["planned_on"]);
  expect(required("task.start", "planned")).toEqual([]);
  expect(required("task.verify", "done")).toEqual(["seen_on", "seen"]);
  expect(required("task.reopen", "done")).toEqual(["seen", "department", "due_on"]);
  expect(required("task.assign", "new")).toEqual(["department", "explanation", "due_on"]);
});

test("work that comes back from somebody else says what they answered", () => {
  expect(required("task.start", "referred")).toEqual(["note"]);
  expect(required("task.finish", "referred")).toEqual(["extent", "public_text"]);
});

test("finished work needs a photo or words, and either is enough", () => {
  expect(missing("task.finish", "in_progress", { extent: "full" }, 0)).toEqual(["evidence"]);
  expect(missing("task.finish", "in_progress", { extent: "full" }, 1)).toEqual([]);
  expect(
    missing("task.finish", "in_progress", { extent: "partly", public_text: "Två av tre lampor är bytta." }, 0),
  ).toEqual([]);
  expect(missing("task.finish", "referred", { extent: "full" }, 0)).toEqual(["public_text"]);
});

test("blanks are not an answer", () => {
  expect(missing("task.refuse", "accepted", { public_text: "   " }, 0)).toEqual(["public_text"]);
});

test("every required field reaches the operation's body", () => {
  for (const arrow of ARROWS) {
    const values = Object.fromEntries(fieldsOf(arrow, "referred").map((field) => [field.name, ` ${field.name} `]));
    const body = bodyFrom(arrow, values, ["photo"]) as unknown as Record<string, unknown>;
    for (const field of fieldsOf(arrow, "referred")) {
      expect(body[field.name], `${arrow} ${field.name}`).toEqual(field.kind === "photos" ? ["photo"] : field.name);
    }
  }
});

test("an owner nobody knows is sent as nothing", () => {
  expect(bodyFrom("task.decline", { reason: "unclear", public_text: "Var är det?", next_owner: "" }, [])).toMatchObject(
    { next_owner: null },
  );
});

test("only what the server allows is offered, and the likeliest step stands first", () => {
  expect(formsFor(["task.refuse", "task.create", "task.finish", "task.wait"])).toEqual([
    "task.finish",
    "task.wait",
    "task.refuse",
  ]);
  expect(mainArrow(["task.wait", "task.finish"])).toBe("task.finish");
  expect(mainArrow(["task.refuse"])).toBeNull();
});
