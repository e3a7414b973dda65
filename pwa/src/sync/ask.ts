import { PROTOCOL, type Problem, type Uuid } from "../domain/wire";

/** One photo's bytes on their way. */
export interface Upload {
  photo: Uuid;
  sha256: string;
  bytes: ArrayBuffer;
  token: string;
  url: string | null;
  onUrl(url: string): void;
  onSent(bytes: number): void;
}
/** `complete`: the server has every byte but has not said what it thinks of them; the feed will. */
export type Uploaded =
  | { kind: "received" | "complete" | "mismatch" | "unauthorised" | "undeclared" }
  | { kind: "refused"; code: string }
  | { kind: "lost"; status: number; retry_after: number | null };

/** What the sync needs of the world around it; tests bring their own. */
export interface World {
  fetch(input: string, init: RequestInit): Promise<Response>;
  upload(upload: Upload): Promise<Uploaded>;
  now(): number;
  random(): number;
  /** Web Locks; null where there are none, or where a test is about the lease alone. */
  locks(): LockManager | null;
}
export const browserWorld: World = {
  fetch: (input, init) => fetch(input, init),
  // Far from the capture path, so it is fetched when the first photo is sent.
  upload: async (upload) => (await import("./tus")).upload(upload),
  now: () => Date.now(),
  random: () => Math.random(),
  locks: () => globalThis.navigator?.locks ?? null,
};

/**
 * `ok` and `refused` came from our server: JSON, with our protocol header. Everything else is `lost`: no network, a
 * hotel's login page with status 200, a proxy's error, an answer cut in half. A lost answer says nothing about the data.
 */
export type Answer =
  | { kind: "ok"; body: unknown }
  | { kind: "refused"; problem: Problem; retry_after: number | null }
  | { kind: "lost"; status: number; retry_after: number | null };

export interface Question {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  token?: string;
  json?: unknown;
  /** Bodies worth compressing, where the browser can. */
  gzip?: boolean;
  /** The field secretary's session cookie goes along; everything else travels by token. */
  cookies?: boolean;
}

const PATIENCE = 30_000;
/** Below this gzip costs more than it gives. */
const WORTH_PACKING = 1_024;

export async function ask(world: World, path: string, question: Question = {}): Promise<Answer> {
  let response: Response;
  let text: string;
  try {
    response = await world.fetch(path, await request(question));
    text = await response.text();
  } catch {
    return { kind: "lost", status: 0, retry_after: null };
  }
  const retry_after = seconds(response.headers.get("Retry-After"), world.now());
  const lost: Answer = { kind: "lost", status: response.status, retry_after };
  if (!isOurs(response)) return lost;
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== "object" || body === null) return lost;
    if (response.ok) return { kind: "ok", body };
    return "code" in body ? { kind: "refused", problem: body as Problem, retry_after } : lost;
  } catch {
    return lost;
  }
}

/** How a step of an exchange ended. */
export type Ended =
  | { kind: "done" }
  /** Another tab has taken over. */
  | { kind: "not_mine" }
  | { kind: "unauthorised"; code: string }
  /** The server has seen higher numbers from this phone: its storage is an older one. */
  | { kind: "restarted" }
  | { kind: "lost"; retry_after: number | null };
export const DONE: Ended = { kind: "done" };

/** What is left to say when an answer brought nothing to act on. */
export function ended(answer: Exclude<Answer, { kind: "ok" }>): Ended {
  const isDenied = answer.kind === "refused" && answer.problem.status === 401;
  if (isDenied) return { kind: "unauthorised", code: answer.problem.code };
  return { kind: "lost", retry_after: answer.retry_after };
}

function isOurs(response: Response): boolean {
  const type = response.headers.get("Content-Type") ?? "";
  const expected = response.ok ? /^application\/json\b/i : /^application\/(problem\+)?json\b/i;
  return expected.test(type) && /^[1-9]\d*$/.test(response.headers.get("Trygg-Protocol") ?? "");
}

async function request({ method, token, json, gzip, cookies }: Question): Promise<RequestInit> {
  const headers: Record<string, string> = { Accept: "application/json", "Trygg-Protocol": String(PROTOCOL) };
  if (token) headers.Authorization = `Bearer ${token}`;
  let body: BodyInit | null = null;
  if (json !== undefined) {
    const text = JSON.stringify(json);
    headers["Content-Type"] = "application/json";
    if (gzip && text.length > WORTH_PACKING && "CompressionStream" in globalThis) {
      headers["Content-Encoding"] = "gzip";
      body = await packed(text);
    } else body = text;
  }
  return {
    method: method ?? (json === undefined ? "GET" : "POST"),
    headers,
    body,
    cache: "no-store",
    credentials: cookies ? "same-origin" : "omit",
    redirect: "error", // a login page elsewhere is no answer of ours
    signal: AbortSignal.timeout(PATIENCE),
  };
}

function packed(text: string): Promise<ArrayBuffer> {
  return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
}

/** Retry-After as seconds from now: a number or a date. */
export function seconds(header: string | null, now: number): number | null {
  if (header === null || header.trim() === "") return null;
  const value = Number(header);
  const wait = Number.isFinite(value) ? value : (Date.parse(header) - now) / 1_000;
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}
