import type { MunicipalityState, Rule, RuleFault, RulesData, RulesView } from "../../../domain/wire";
import { t } from "../../parts/words";
import type { Point } from "../parts/projection";
import { coordinates } from "../walks/draft";

/** What the words of a rule are looked up in. */
export interface Known {
  municipality: MunicipalityState;
  choices: RulesView["choices"];
}

export function emptyRule(id: string): Rule {
  return {
    id,
    name: "",
    categories: [],
    tiles: [],
    kinds: [],
    place_types: [],
    areas: [],
    polygon: [],
    owners: [],
    answers: [],
    severities: [],
    department: "",
    deadline_days: null,
    authority: false,
    because: "",
  };
}

/** The rules with one of them moved a step; nothing happens at the ends. */
export function moved(rules: readonly Rule[], at: number, by: 1 | -1): Rule[] {
  return shifted(rules, at, by);
}

/** Rows of any table, one of them moved a step. */
export function shifted<T>(rows: readonly T[], at: number, by: 1 | -1): T[] {
  const next = [...rows];
  const [one, other] = [next[at], next[at + by]];
  if (one && other) [next[at], next[at + by]] = [other, one];
  return next;
}

/** The rules with this one in its place, or last when it is new. */
export function put(rules: readonly Rule[], rule: Rule): Rule[] {
  return rules.some((it) => it.id === rule.id) ? rules.map((it) => (it.id === rule.id ? rule : it)) : [...rules, rule];
}

/** Corners as lines of "latitude, longitude"; null when a line is no position. */
export function corners(text: string): Point[] | null {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const points = lines.map(coordinates);
  return points.every((point) => point !== null) ? (points as Point[]) : null;
}

export function cornerText(points: readonly Point[]): string {
  return points.map(({ lat, lon }) => `${lat.toFixed(5)}, ${lon.toFixed(5)}`).join("\n");
}

/** The outer ring as points of a drawing. */
export function ringOf(rule: Rule): Point[] {
  return (rule.polygon[0] ?? []).map(([lon, lat]) => ({ lat, lon }));
}

/** The same rule with its outer ring drawn anew; its holes stay. */
export function drawn(rule: Rule, points: readonly Point[]): Rule {
  const ring = points.map(({ lat, lon }): [number, number] => [lon, lat]);
  return { ...rule, polygon: points.length > 0 ? [ring, ...rule.polygon.slice(1)] : [] };
}

type Named = readonly { id: string; name: string }[];

export function nameIn(named: Named, id: string): string {
  return named.find((it) => it.id === id)?.name ?? id;
}

/** What a rule asks for, a phrase each. None = it takes everything. */
export function conditions(rule: Rule, { municipality, choices }: Known): string[] {
  const categories = municipality.categories.map(({ code, name }) => ({ id: code, name }));
  const listed = (label: string, ids: readonly string[], among: Named) =>
    ids.length > 0 ? [t(`rules.if.${label}`, { what: ids.map((id) => nameIn(among, id)).join(", ") })] : [];
  return [
    ...listed("categories", rule.categories, categories),
    ...listed("tiles", rule.tiles, municipality.tiles),
    ...listed(
      "kinds",
      rule.kinds,
      rule.kinds.map((id) => ({ id, name: t(`rules.kind.${id}`) })),
    ),
    ...listed("place_types", rule.place_types, choices.place_types),
    ...listed("areas", rule.areas, []),
    ...listed("owners", rule.owners, municipality.departments),
    ...listed("answers", rule.answers, choices.questions),
    ...listed("severities", rule.severities.map(String), []),
    ...(rule.polygon.length > 0 ? [t("rules.if.polygon", { n: rule.polygon[0]?.length ?? 0 })] : []),
  ];
}

export function faultText(fault: RuleFault, rules: RulesData): string {
  const about = rules.rules.find((it) => it.id === fault.about)?.name || fault.about;
  return t(`rules.fault.${fault.code}`, { about });
}

export function titleOf(rule: Rule): string {
  return rule.name || rule.because;
}

/** What is still missing before a rule can be kept, as words under its fields. */
export function missing(rule: Rule, area: string): Partial<Record<"name" | "department" | "because" | "area", string>> {
  const points = corners(area);
  return {
    ...(rule.name.trim() ? {} : { name: t("rules.error.name") }),
    ...(rule.department ? {} : { department: t("rules.error.department") }),
    ...(rule.because.trim() ? {} : { because: t("rules.error.because") }),
    ...(points === null
      ? { area: t("rules.error.area") }
      : points.length > 0 && points.length < 3
        ? { area: t("rules.error.corners") }
        : {}),
  };
}

const DAY = /^((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|[12]\d))$/;

/** What stops a row of a table from being kept; null when nothing does. */
export function wrongIn(row: object): "because" | "day" | "hours" | null {
  const said = row as { because?: string; first?: string; last?: string; starts?: string; ends?: string };
  if (said.because !== undefined && !said.because.trim()) return "because";
  if (said.first !== undefined && !(DAY.test(said.first) && DAY.test(said.last ?? ""))) return "day";
  if (Boolean(said.starts) !== Boolean(said.ends)) return "hours";
  return null;
}
