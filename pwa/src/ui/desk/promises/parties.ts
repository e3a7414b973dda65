import type { AgreementParty } from "../../../domain/wire";

/** Parties as they are typed, one a row: "kommunen | Lidköpings kommun". Without a bar both names are the same. */
export function partiesOf(typed: string): AgreementParty[] {
  return typed
    .split("\n")
    .map((row) => row.split("|").map((part) => part.trim()))
    .filter(([name]) => name)
    .map(([name = "", called = ""]) => ({ id: slug(name), name, called: called || name }));
}

function slug(name: string): string {
  const plain = name.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}
