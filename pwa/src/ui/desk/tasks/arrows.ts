import type { Bodies, DateOnly, OperationType, TaskWord, Uuid } from "../../../domain/wire";

/** The steps a task can take that have a form on the desk. */
export const ARROWS = [
  "task.assign",
  "task.accept",
  "task.plan",
  "task.replan",
  "task.start",
  "task.finish",
  "task.verify",
  "task.wait",
  "task.refer",
  "task.hand_over",
  "task.decline",
  "task.refuse",
  "task.reopen",
  "task.uphold",
] as const satisfies readonly OperationType[];
export type Arrow = (typeof ARROWS)[number];

export type FieldKind = "line" | "public" | "internal" | "date" | "department" | "photos" | "choice" | "person";
export interface FieldSpec {
  name: string;
  kind: FieldKind;
  required: boolean;
  options?: readonly string[];
}

const need = (name: string, kind: FieldKind, options?: readonly string[]): FieldSpec => ({
  name,
  kind,
  required: true,
  ...(options ? { options } : {}),
});
const may = (name: string, kind: FieldKind): FieldSpec => ({ name, kind, required: false });

const REASONS_TO_WAIT = ["parts", "permit", "season", "budget", "external", "investigation"] as const;
const REASONS_TO_DECLINE = ["wrong_owner", "duplicate", "unclear"] as const;

/**
 * What each step asks for. A task that comes back from somebody else says what they answered, or that they did not;
 * a coordinator who enters another's no says who there said it, and when.
 */
export function fieldsOf(arrow: Arrow, from: TaskWord, coordinator = false): FieldSpec[] {
  const returned = from === "referred";
  switch (arrow) {
    case "task.assign":
      return [need("department", "department"), need("explanation", "public"), need("due_on", "date")];
    case "task.accept":
      return [need("person", "person")];
    case "task.decline":
      return [
        need("reason", "choice", REASONS_TO_DECLINE),
        need("public_text", "public"),
        may("next_owner", "department"),
      ];
    case "task.plan":
      return [need("planned_on", "date")];
    case "task.replan":
      return [need("planned_on", "date"), need("public_text", "public")];
    case "task.start":
      return [returned ? need("note", "internal") : may("note", "internal")];
    case "task.wait":
      return [need("reason", "choice", REASONS_TO_WAIT), need("next_look_on", "date"), need("public_text", "public")];
    case "task.refer":
      return [
        need("party", "line"),
        need("contact", "line"),
        need("reference", "line"),
        need("next_look_on", "date"),
        need("public_text", "public"),
      ];
    case "task.hand_over":
      return [
        need("party", "line"),
        need("reference", "line"),
        need("handed_on", "date"),
        need("public_text", "public"),
      ];
    case "task.finish":
      return [
        may("photos", "photos"),
        need("extent", "choice", ["full", "partly"]),
        returned ? need("public_text", "public") : may("public_text", "public"),
      ];
    case "task.refuse": {
      const said = coordinator ? [need("said_by", "line"), need("said_on", "date")] : [];
      return [...said, need("public_text", "public")];
    }
    case "task.verify":
      return [need("seen_on", "date"), need("seen", "public")];
    case "task.uphold":
      return [need("public_text", "public")];
    case "task.reopen":
      return [need("seen", "public"), need("department", "department"), need("due_on", "date")];
  }
}

export type Values = Record<string, string>;

/** Names of fields that must be filled. Finished work needs a photo of it or words about it. */
export function missingFrom(fields: readonly FieldSpec[], arrow: Arrow, values: Values, photos: number): string[] {
  const missing = fields.filter((field) => field.required && !values[field.name]?.trim()).map((field) => field.name);
  if (arrow === "task.finish" && photos === 0 && !values.public_text?.trim() && !missing.includes("public_text"))
    missing.push("evidence");
  // "Inte vårt" is no end: whoever says it names whose it is.
  if (arrow === "task.decline" && values.reason === "wrong_owner" && !values.next_owner?.trim())
    missing.push("next_owner");
  return missing;
}

const text = (values: Values, name: string) => values[name]?.trim() ?? "";

/** The body of the operation, from what the form holds. `missingFrom` has been asked first. */
export function bodyFrom(arrow: Arrow, values: Values, photos: Uuid[]): Bodies[Arrow] {
  const at = (name: string) => text(values, name);
  const day = (name: string): DateOnly => at(name);
  switch (arrow) {
    case "task.assign":
      return { department: at("department"), explanation: at("explanation"), due_on: day("due_on") };
    case "task.accept":
      return { person: at("person"), assignee: at("assignee") || null };
    case "task.decline":
      return {
        reason: at("reason") as Bodies["task.decline"]["reason"],
        public_text: at("public_text"),
        next_owner: at("next_owner") || null,
      };
    case "task.plan":
      return { planned_on: day("planned_on") };
    case "task.replan":
      return { planned_on: day("planned_on"), public_text: at("public_text") };
    case "task.start":
      return { note: at("note") };
    case "task.wait":
      return {
        reason: at("reason") as Bodies["task.wait"]["reason"],
        public_text: at("public_text"),
        next_look_on: day("next_look_on"),
      };
    case "task.refer":
      return {
        party: at("party"),
        contact: at("contact"),
        reference: at("reference"),
        public_text: at("public_text"),
        next_look_on: day("next_look_on"),
      };
    case "task.hand_over":
      return {
        party: at("party"),
        reference: at("reference"),
        public_text: at("public_text"),
        handed_on: day("handed_on"),
      };
    case "task.finish":
      return { extent: at("extent") as "full" | "partly", public_text: at("public_text"), photos };
    case "task.refuse":
      return at("said_by")
        ? { public_text: at("public_text"), said_by: at("said_by"), said_on: day("said_on") }
        : { public_text: at("public_text") };
    case "task.uphold":
      return { public_text: at("public_text") };
    case "task.verify":
      return { seen: at("seen"), seen_on: day("seen_on") };
    case "task.reopen":
      return { department: at("department"), seen: at("seen"), due_on: day("due_on") };
  }
}

/** The step most people take next stands first and large; saying no stands last. */
export function mainArrow(allowed: readonly Arrow[]): Arrow | null {
  const order: Arrow[] = ["task.assign", "task.accept", "task.finish", "task.plan", "task.start", "task.verify"];
  return order.find((arrow) => allowed.includes(arrow)) ?? null;
}

export function formsFor(arrows: readonly OperationType[]): Arrow[] {
  return ARROWS.filter((arrow) => arrows.includes(arrow));
}
