/**
 * The guard against personal data in free text, on the phone and without a network. The rules are data, the same file
 * as the server's (`trygghetsvandring/domain/guard_rules.json`); `tests/guard/vectors.jsonl` holds both to the same
 * answers. No pattern looks behind: iPhones before 16.4 refuse to load such a script. Nothing here logs.
 */
import file from "./guard-rules.json";

export type Kind = keyof typeof file.kinds;
export type Verdict = "ok" | "ask" | "block";

/** UTF-16 units `start` to `end` (not included) of the text as it was written. */
export interface Span {
  start: number;
  end: number;
  kind: Kind;
}
/** Spans in order, never overlapping; the verdict is the sternest of theirs. */
export interface Finding {
  spans: Span[];
  verdict: Verdict;
}
/** Plain Swedish: what was found, and what to do about it. */
export const EXPLAIN: Record<Kind, { what: string; next: string }> = file.kinds;

interface RuleData {
  kind: string;
  body: string;
  lead?: string;
  end?: string;
  check?: string;
  not?: string;
  unless?: string;
  near?: string;
}
interface Rule {
  kind: Kind;
  pattern: RegExp; // group 1 is what stands before the span
  check: string | undefined;
  refused: RegExp | null; // the span is not one if it begins like this
  unless: RegExp | null; // nor if this stands before it
  near: RegExp | null; // but certain if this stands around it
}
interface Scanned {
  plain: string; // normalised
  lower: string; // the same length, lower case
  starts: number[]; // of each unit, in the original
  ends: number[];
}
interface Hit extends Span {
  verdict: Verdict;
}
type Answer = [Kind, Verdict] | null;

const KINDS = Object.keys(file.kinds);
const STERN: Record<Verdict, number> = { ok: 0, ask: 1, block: 2 };

const WORDS: Record<string, string> = { ...file.words };
const filled = (pattern: string) => pattern.replace(/<(\w+)>/g, (_, name: string) => WORDS[name] ?? "");
// Words are filled in twice, because a word list may name another one.
for (const [name, words] of Object.entries(WORDS)) WORDS[name] = filled(words);
const compiled = (source: string | undefined, flags?: string) => (source ? new RegExp(filled(source), flags) : null);

const RULES = (file.rules as RuleData[]).map(
  ({ kind, body, lead = "", end = "(?![<L>\\d])", check, not, unless, near }): Rule => ({
    kind: kind as Kind,
    pattern: new RegExp(filled(`(${lead.startsWith("(?:^") ? "" : "(?:^|[^<L>\\d])"}${lead})${body}${end}`), "g"),
    check,
    refused: compiled(not && `^(?:${not})`),
    unless: compiled(unless && `(?:${unless})$`),
    near: compiled(near),
  }),
);

// Invisible characters that may hide inside a number; U+20E3 makes "1" a keycap.
const UNSEEN = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|\u034f|\u20e3|[\ufe00-\ufe0f]/g;
const CLUSTER =
  /[\ud800-\udbff][\udc00-\udfff][\u0300-\u036f\u20e3\ufe0f]{0,8}|[\s\S][\u0300-\u036f\u20e3\ufe0f]{0,8}/g;
const DASHES = /[\u058a\u05be\u1806\u2010-\u2015\u2043\u2212\u2796\u30fc]/g;
// Arabic and Persian keyboards write digits that NFKC keeps.
const EASTERN = /[\u0660-\u0669\u06f0-\u06f9]/g;

function normalised(cluster: string): string {
  if (cluster.length === 1 && cluster > " " && cluster < "\x7f") return cluster;
  return cluster
    .normalize("NFKC")
    .replace(UNSEEN, "")
    .replace(DASHES, "-")
    .replace(/[\t\v\f\u1680]/g, " ")
    .replace(/[\r\u0085\u2028\u2029]/g, "\n")
    .replace(EASTERN, (c) => String(c.charCodeAt(0) & 15))
    .replace(/[\ud800-\udbff][\udc00-\udfff]/g, "\ufffd"); // one character is one unit in both languages
}

function scan(text: string): Scanned {
  const scanned: Scanned = { plain: "", lower: "", starts: [], ends: [] };
  for (const { 0: cluster, index } of text.matchAll(CLUSTER))
    for (const c of normalised(cluster)) {
      if (c === " " && scanned.plain.endsWith(" ")) continue;
      const small = c.toLowerCase();
      scanned.plain += c;
      scanned.lower += small.length === 1 ? small : c;
      scanned.starts.push(index);
      scanned.ends.push(index + cluster.length);
    }
  return scanned;
}

// The letter's value in the check digit: 1 in interim numbers, its own in Västra Götaland's reserve numbers.
const INTERIM = Object.fromEntries([..."trsuwxjklmn"].map((c) => [c, 1]));
const REGIONAL: Record<string, number> = { k: 5, m: 7, x: 8 };

interface Num {
  date: string; // six or eight digits
  sep: string;
  last: string; // four characters
  grouped: boolean; // blanks or signs inside the date or the last four
  even: boolean; // the date's parts are all apart, by the same sign, or all together
  bare: boolean;
}

function numberIn(found: RegExpExecArray): Num {
  const [all, lead = "", written = "", sep = "", end = ""] = found;
  const date = written.replace(/\D/g, "");
  const last = end.replace(/[ -]/g, "");
  const even = /^(\d*|\d+([ ./-])\d+\2\d+)$/.test(written);
  return { date, sep, last, grouped: written !== date || end !== last, even, bare: all.length - lead.length === 10 };
}

/** Mod 10 with weights 2, 1 over an even number of characters, the check digit included. */
function addsUp(digits: string, letters: Record<string, number> = {}): boolean {
  let total = 0;
  for (let i = 0; i < digits.length; i++) {
    const c = digits.charAt(i);
    const product = (2 - (i % 2)) * (letters[c] ?? Number(c));
    total += Math.floor(product / 10) + (product % 10);
  }
  return total % 10 === 0;
}

/** A coordination number may lack month or day; 32-59 is a day that only reserve numbers have. */
function dayOf(date: string): "known" | "incomplete" | "reserve" | null {
  const month = Number(date.slice(-4, -2));
  const day = Number(date.slice(-2));
  if (month > 12 || day === 0 || day > 91 || (month === 0 && day < 60)) return null;
  if (day > 31 && day < 60) return date.length === 8 ? "reserve" : null;
  return month === 0 || day === 60 ? "incomplete" : "known";
}

/** A date of these years followed by hours and minutes is a time of observation. */
function isClock({ date, last }: Num): boolean {
  const year = Number(date.slice(-6, -4));
  return year >= 24 && year <= 35 && last.slice(0, 2) < "24" && last.slice(2) < "60";
}

function withLetter({ date, sep, last }: Num): Answer {
  const letter = last.charAt(0);
  const significant = date.slice(-6) + last;
  if (letter in INTERIM && addsUp(significant, INTERIM)) return ["personnummer", "block"];
  if (letter in REGIONAL && addsUp(significant, REGIONAL)) return ["reserve_number", "block"];
  return letter in INTERIM && sep ? ["personnummer", "ask"] : null;
}

function personnummer(n: Num, complete: boolean): Answer {
  const { date, sep, last, grouped, bare } = n;
  if (last.startsWith("000")) return null;
  if (!addsUp(date.slice(-6) + last))
    // A slip of the finger still points at somebody, when it is written the way only these numbers are.
    return /[-+]/.test(sep) && complete && !grouped && !isClock(n) ? ["personnummer", "ask"] : null;
  if (bare && !complete) return null;
  // Separated, or with its century: certain. Ten bare digits may be a telephone number.
  const certain = complete && (date.length === 8 ? sep.includes("-") || !isClock(n) : sep !== "" && !grouped);
  return ["personnummer", certain ? "block" : "ask"];
}

/** Lamps 10 11 12 13 14: pairs with something between them, each higher than the one before. */
function isList({ date, last, grouped }: Num): boolean {
  const pairs = (date + last).match(/../g) ?? [];
  return grouped && pairs.every((pair, i) => i === 0 || pair > (pairs[i - 1] ?? ""));
}

/** Nothing without a date, nor lamps in a row, nor a coordinate. */
function identity(n: Num, before: string): Answer {
  const day = dayOf(n.date);
  if (!day || !n.even || isList(n) || (n.bare && /(?:^|\D)\d{1,3}\.$/.test(before))) return null;
  if (/\D/.test(n.last)) return day === "reserve" ? null : withLetter(n);
  if (day === "reserve") return addsUp(n.date.slice(-6) + n.last) ? ["reserve_number", "block"] : null;
  return personnummer(n, day === "known");
}

const NEXT_NAME = new RegExp(filled("^[ -][<L>]{1,25}(?![<L>])"));

function answer(rule: Rule, found: RegExpExecArray, { plain, lower }: Scanned, start: number, end: number): Answer {
  const before = lower.slice(Math.max(0, start - 40), start);
  const lead = found.index + 1;
  const isCapital = (at: number) => plain[at] !== lower[at];
  if (rule.refused?.test(lower.slice(start, end))) return null;
  if (rule.unless?.test(lower.slice(Math.max(0, lead - 40), lead))) return null;
  if (rule.check === "identity") return identity(numberIn(found), before);
  if (rule.check === "stockholm") {
    const { date, last } = numberIn(found);
    return addsUp(date.slice(4) + last) ? ["reserve_number", "block"] : null;
  }
  if (rule.check === "date" && !dayOf(numberIn(found).date)) return null;
  if (rule.check === "capital" && !isCapital(start)) return null;
  if (rule.check === "capitals" && ![0, 1, 2].every((n) => isCapital(start + n))) return null;
  const certain = rule.near?.test(before) || rule.near?.test(lower.slice(end, end + 25));
  return [rule.kind, certain ? "block" : "ask"];
}

/** A surname with a capital belongs to the name before it. */
function endOfName({ plain, lower }: Scanned, end: number): number {
  const more = NEXT_NAME.exec(lower.slice(end, end + 28));
  return more && plain[end + 1] !== lower[end + 1] ? end + more[0].length : end;
}

/** Every step moves at least one character on, and a match is never longer than its pattern's bound. */
function hitsOf(rule: Rule, scanned: Scanned): Hit[] {
  const hits: Hit[] = [];
  rule.pattern.lastIndex = 0;
  for (;;) {
    const found = rule.pattern.exec(scanned.lower);
    if (!found) return hits;
    const start = found.index + (found[1]?.length ?? 0);
    const last = found.index + found[0].length;
    const said = answer(rule, found, scanned, start, last);
    rule.pattern.lastIndex = said ? last : found.index + 1;
    if (!said) continue;
    const end = rule.check === "capital" ? endOfName(scanned, last) : last;
    const [kind, verdict] = said;
    hits.push({ start: scanned.starts[start] ?? 0, end: scanned.ends[end - 1] ?? 0, kind, verdict });
  }
}

const rank = (kind: Kind) => KINDS.indexOf(kind);
const sternestFirst = (a: Hit, b: Hit) => STERN[b.verdict] - STERN[a.verdict] || rank(a.kind) - rank(b.kind);

/** Overlapping finds become one, named after the sternest of them. */
function merged(hits: Hit[]): Hit[] {
  const out: Hit[] = [];
  for (const hit of hits.sort((a, b) => a.start - b.start)) {
    const last = out.at(-1);
    if (!last || hit.start >= last.end) {
      out.push(hit);
      continue;
    }
    const { kind, verdict } = sternestFirst(last, hit) <= 0 ? last : hit;
    Object.assign(last, { end: Math.max(last.end, hit.end), kind, verdict });
  }
  return out;
}

export function inspect(text: string): Finding {
  const scanned = scan(text);
  const hits = merged(RULES.flatMap((rule) => hitsOf(rule, scanned)));
  const verdict = hits.reduce<Verdict>((worst, hit) => (STERN[hit.verdict] > STERN[worst] ? hit.verdict : worst), "ok");
  return { spans: hits.map(({ start, end, kind }) => ({ start, end, kind })), verdict };
}
