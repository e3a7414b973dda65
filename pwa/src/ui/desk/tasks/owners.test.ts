import { expect, test } from "vitest";
import { isAsked, ownersOf } from "./owners";

const named = (kind: string) => ({ id: kind, name: kind, kind });

test("only those who own tasks can be given one", () => {
  const kinds = ["municipal", "coordination", "housing_company", "utility", "transit", "state", "private"];
  const others = ["social", "police", "shop", "association", "something new"];
  expect(ownersOf([...kinds, ...others].map(named)).map((found) => found.kind)).toEqual([
    "municipal",
    "housing_company",
    "utility",
    "transit",
    "state",
    "private",
  ]);
});

test("a private owner is asked, everyone else is given the task", () => {
  expect([isAsked("private"), isAsked("municipal"), isAsked(null)]).toEqual([true, false, false]);
});
