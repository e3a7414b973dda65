import type { HttpRequest, HttpResponse, HttpStack } from "tus-js-client";
import { sha256 } from "../domain/ids";
import type { Change, Operation, Outcome, PhotoState, Problem, Push, Uuid } from "../domain/wire";
import type { World } from "./ask";
import { checksum } from "./checksum";
import { upload } from "./tus";

/** What may happen to one request on its way. `hang` never answers: the page was closed meanwhile. */
export type Fate =
  | "pass"
  | "lost_request"
  | "lost_response"
  | "hang"
  | "html"
  | "truncated"
  | ((request: Asked) => Response | null);
export interface Asked {
  method: string;
  path: string;
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
}

interface Stored {
  operations: Map<Uuid, { text: string; outcome: Outcome }>;
  /** How often each operation's effect was carried out; more than once is a broken promise. */
  effects: Map<Uuid, number>;
  feed: Change[];
  photos: Map<Uuid, { state: PhotoState; bytes: Uint8Array }>;
  told: number | null;
}

/** The server in small, as wire.ts promises it, in memory: what the phone is tested against. */
export class ModelServer implements World {
  stored: Stored = { operations: new Map(), effects: new Map(), feed: [], photos: new Map(), told: null };
  epoch = 1;
  clock = Date.parse("2026-11-20T19:00:00Z");
  page = 4;
  mostBytes = 256 * 1_024;
  known = true;
  /** Why the phone may read nothing more. */
  shut: string | null = null;
  /** How often a phone's sum was another. */
  differed = 0;
  fates: Fate[] = [];
  asked: Asked[] = [];
  inFlight = new Map<Uuid, number>();
  mostInFlight = 0;
  /** Rejections and deferrals are the tests' to decide. */
  judge: (operation: Operation) => Pick<Outcome, "outcome" | "code"> | null = () => null;
  delay = 0;
  seed = 1;

  now = (): number => this.clock;
  random = (): number => {
    this.seed = (this.seed * 48_271) % 2_147_483_647;
    return this.seed / 2_147_483_647;
  };
  locks: World["locks"] = () => null;
  /** The key is fetched once, beside everything else, and no test here is about it. */
  fetch = (input: string, init: RequestInit): Promise<Response> =>
    input === "/api/rescue-key" ? Promise.resolve(problem(404, "not_found")) : this.meet(input, init);
  upload: World["upload"] = (photo) => upload(photo, stack(this));

  /** A backup: give it back to `restore` and everything since is gone, and the feed is another. */
  backup(): Stored {
    return structuredClone(this.stored);
  }
  restore(backup: Stored): void {
    this.stored = structuredClone(backup);
    this.epoch += 1;
  }
  has(type: Operation["type"]): Operation[] {
    const all = [...this.stored.operations.values()].filter(({ outcome }) => outcome.outcome === "applied");
    return all.map(({ text }) => JSON.parse(text) as Operation).filter((operation) => operation.type === type);
  }

  private async meet(input: string, init: RequestInit): Promise<Response> {
    const asked = await read(input, init);
    this.asked.push(asked);
    const fate = this.fates.shift() ?? "pass";
    if (this.delay > 0) await new Promise((resolve) => setTimeout(resolve, this.delay));
    if (typeof fate === "function") return fate(asked) ?? this.answer(asked);
    if (fate === "hang") return new Promise(() => undefined);
    if (fate === "lost_request") throw new TypeError("network");
    if (fate === "html") return new Response("<html>Logga in</html>", { headers: { "Content-Type": "text/html" } });
    const response = await this.answer(asked);
    if (fate === "lost_response") throw new TypeError("network");
    if (fate !== "truncated") return response;
    const text = await response.text();
    return new Response(text.slice(0, Math.floor(text.length / 2)) || "{", response);
  }

  private answer(asked: Asked): Promise<Response> | Response {
    if (!asked.path.startsWith("/api/") && (!this.known || !asked.headers.get("Authorization"))) {
      return problem(401, "device_unknown");
    }
    if (asked.path === "/sync/push") return this.push(asked);
    if (asked.path.startsWith("/sync/pull")) return this.pull(asked);
    if (asked.path === "/sync/have") return this.have(asked);
    if (asked.path.startsWith("/uploads/")) return this.tus(asked);
    return problem(404, "not_found");
  }

  private async push(asked: Asked): Promise<Response> {
    const { operations } = (await json(asked)) as Push;
    const text = JSON.stringify(operations);
    if (operations.length > 200 || text.length > this.mostBytes) return problem(413, "batch_too_large");
    const outcomes: Outcome[] = [];
    for (const operation of operations) {
      this.mostInFlight = Math.max(this.mostInFlight, ...[this.count(operation.id, 1)]);
    }
    if (this.delay > 0) await new Promise((resolve) => setTimeout(resolve, this.delay));
    for (const operation of operations) {
      outcomes.push(this.take(operation));
      this.count(operation.id, -1);
    }
    return ours({ protocol: 1, server_time: this.instant(), outcomes });
  }

  private count(id: Uuid, by: number): number {
    const n = (this.inFlight.get(id) ?? 0) + by;
    this.inFlight.set(id, n);
    return n;
  }

  private take(operation: Operation): Outcome {
    const text = JSON.stringify(operation);
    const known = this.stored.operations.get(operation.id);
    if (known && known.text !== text) return { id: operation.id, outcome: "rejected", code: "id_reuse" };
    if (known && known.outcome.outcome !== "deferred") {
      return { ...known.outcome, outcome: "repeated", first: known.outcome.outcome as "applied" };
    }
    const outcome = this.decide(operation);
    this.stored.operations.set(operation.id, { text, outcome });
    return outcome;
  }

  private decide(operation: Operation): Outcome {
    const { id, entity, type } = operation;
    const judged = this.judge(operation);
    if (judged) return { id, ...judged };
    if (type === "device.status") {
      this.stored.told = (operation as Operation<"device.status">).body.drafts;
      return { id, outcome: "applied" };
    }
    if (type === "photo.declare") {
      const { of, sha256, bytes } = (operation as Operation<"photo.declare">).body;
      if (!this.shown("observation", of.id)) return { id, outcome: "deferred", code: "observation_missing" };
      const state: PhotoState = { id: entity, version: 1, of, sha256, bytes, state: "declared" };
      this.stored.photos.set(entity, { state, bytes: new Uint8Array(0) });
      this.show({ kind: "photo", id: entity, version: 1, state });
    }
    this.stored.effects.set(id, (this.stored.effects.get(id) ?? 0) + 1);
    const version = (this.version("observation", entity) ?? 0) + 1;
    if (type === "observation.record" || type === "observation.correct") this.showObservation(entity, version);
    const receipt = { number: `LK-${this.stored.effects.size}`, received_at: this.instant(), read_on: "2026-11-23" };
    return { id, outcome: "applied", version, ...(type === "observation.record" ? { receipt } : {}) };
  }

  private showObservation(id: Uuid, version: number): void {
    const received_at = this.instant();
    this.show({
      kind: "observation",
      id,
      version,
      state: { id, version, number: "LK-1", received_at, state: "received" },
    });
  }

  show(change: Change): void {
    this.stored.feed.push(change);
  }
  private shown(kind: string, id: string): boolean {
    return this.version(kind, id) !== null;
  }
  private version(kind: string, id: string): number | null {
    return this.stored.feed.findLast((change) => change.kind === kind && change.id === id)?.version ?? null;
  }

  private async pull(asked: Asked): Promise<Response> {
    const cursor = new URLSearchParams(asked.path.split("?")[1]).get("cursor");
    const [epoch, seq] = (cursor ?? `${this.epoch}:0`).split(":").map(Number) as [number, number];
    if (epoch !== this.epoch) return problem(409, "must_refetch");
    if (this.shut) return problem(401, this.shut);
    const said = new URLSearchParams(asked.path.split("?")[1]).get("checksum");
    if (said !== null && said !== (await checksum(this.standing(seq)))) {
      this.differed += 1;
      return problem(409, "must_refetch", {}, { reason: "checksum" });
    }
    const changes = this.stored.feed.slice(seq, seq + this.page);
    const next = seq + changes.length;
    const more = next < this.stored.feed.length;
    const page = { protocol: 1, server_time: this.instant(), epoch: String(this.epoch), more, changes };
    return ours({ ...page, cursor: `${this.epoch}:${next}` });
  }

  /** The newest of everything up to there, if it is not gone. */
  private standing(seq: number): Change[] {
    const newest = new Map<string, Change>();
    for (const change of this.stored.feed.slice(0, seq)) newest.set(`${change.kind} ${change.id}`, change);
    return [...newest.values()].filter((change) => !change.gone);
  }

  private async have(asked: Asked): Promise<Response> {
    const { operations, receipts } = (await json(asked)) as { operations: Uuid[]; receipts: Record<Uuid, string> };
    const isAsKnown = (id: Uuid) => {
      const here = this.stored.operations.get(id)?.outcome;
      return here && (!here.receipt || !(id in receipts) || here.receipt.number === receipts[id]);
    };
    return ours({ missing: operations.filter((id) => !isAsKnown(id)) });
  }
  /** As if it had come by a rescue file. */
  takeIn(operation: Operation): Outcome {
    return this.take(operation);
  }

  private async tus({ method, path, headers, body }: Asked): Promise<Response> {
    if (method === "POST") return this.create(headers);
    const photo = this.stored.photos.get(path.slice("/uploads/".length));
    if (!photo) return problem(404, "photo_not_declared");
    const at = (offset: number, more: Record<string, string> = {}) => ({
      headers: { "Trygg-Protocol": "1", "Tus-Resumable": "1.0.0", "Upload-Offset": String(offset), ...more },
    });
    if (method === "HEAD") {
      return new Response(null, at(photo.bytes.length, { "Upload-Length": String(photo.state.bytes) }));
    }
    if (Number(headers.get("Upload-Offset")) !== photo.bytes.length) return problem(409, "upload_offset");
    photo.bytes = joined(photo.bytes, body);
    if (photo.bytes.length < photo.state.bytes) return new Response(null, { status: 204, ...at(photo.bytes.length) });
    if ((await sha256(photo.bytes.slice().buffer as ArrayBuffer)) !== photo.state.sha256) {
      photo.bytes = new Uint8Array(0);
      return problem(460, "photo_differs");
    }
    photo.state = { ...photo.state, version: photo.state.version + 1, state: "received" };
    this.show({ kind: "photo", id: photo.state.id, version: photo.state.version, state: photo.state });
    return new Response(null, { status: 204, ...at(photo.bytes.length, { "Trygg-Photo": "received" }) });
  }

  private create(headers: Headers): Response {
    const said = Object.fromEntries((headers.get("Upload-Metadata") ?? "").split(",").map((pair) => pair.split(" ")));
    const id = atob(said.photo ?? "");
    const photo = this.stored.photos.get(id);
    if (!photo) return problem(404, "photo_not_declared");
    const same =
      photo.state.sha256 === atob(said.sha256 ?? "") && photo.state.bytes === Number(headers.get("Upload-Length"));
    if (!same) return problem(409, "photo_differs");
    return new Response(null, { status: 201, headers: { "Trygg-Protocol": "1", Location: `/uploads/${id}` } });
  }

  private instant(): string {
    return new Date(this.clock).toISOString();
  }
}

export function ours(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  const type = status < 400 ? "application/json" : "application/problem+json";
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": type, "Trygg-Protocol": "1", ...headers },
  });
}

export function problem(
  status: number,
  code: string,
  headers: Record<string, string> = {},
  facts: Problem["facts"] = {},
): Response {
  return ours({ code, title: code, detail: code, status, facts }, status, headers);
}

async function read(input: string, init: RequestInit): Promise<Asked> {
  const body = new Uint8Array(await new Response(init.body ?? null).arrayBuffer());
  return { method: init.method ?? "GET", path: input, headers: new Headers(init.headers), body };
}

export async function json({ headers, body }: Asked): Promise<unknown> {
  const stream = new Blob([body]).stream();
  const plain =
    headers.get("Content-Encoding") === "gzip" ? stream.pipeThrough(new DecompressionStream("gzip")) : stream;
  return new Response(plain).json();
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** tus-js-client's own transport, over the model's requests, so that its code and the faults meet. */
function stack(server: ModelServer): HttpStack {
  return {
    getName: () => "model",
    createRequest(method: string, url: string): HttpRequest {
      const headers: Record<string, string> = {};
      return {
        getMethod: () => method,
        getURL: () => url,
        setHeader: (name, value) => Object.assign(headers, { [name]: value }),
        getHeader: (name) => headers[name],
        setProgressHandler: () => undefined,
        abort: () => Promise.resolve(),
        getUnderlyingObject: () => null,
        async send(body: Uint8Array<ArrayBuffer> | null): Promise<HttpResponse> {
          const response = await server.fetch(new URL(url, "http://localhost/").pathname, { method, headers, body });
          const text = await response.text();
          return {
            getStatus: () => response.status,
            getHeader: (name) => response.headers.get(name) ?? undefined,
            getBody: () => text,
            getUnderlyingObject: () => null,
          };
        },
      };
    },
  };
}
