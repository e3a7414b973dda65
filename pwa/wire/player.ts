import type { Uuid } from "../src/domain/wire";
import type { ObservationDraft } from "../src/storage/drafts";
import { type Page, Phone, type Setting } from "./phone";

/** What a phone is told to do next. The seed has chosen every value; nothing here is left to chance. */
export type Act =
  | {
      do: "capture";
      category: string;
      severity: number | null;
      text: string;
      stop: number | null;
      photo: number | null;
    }
  | { do: "feel"; stop: number; own: "safe" | "neither" | "unsafe" }
  | { do: "answer"; stop: number; item: string; answer: "yes" | "no" | "unknown" }
  | { do: "remove" | "withdraw" | "hand_in_again"; which: number }
  | { do: "correct"; which: number; text: string; severity: number }
  | { do: "danger"; text: string; photo: number | null }
  | { do: "hand_in" | "wake" | "reopen" | "second_tab" | "close_tab" | "freeze" | "melt" | "lose_database" }
  | { do: "full"; on: boolean }
  | { do: "free_storage" | "nothing" }
  | { do: "rest"; turns: number; most: number }
  | { do: "clock"; by: number }
  | { do: "crash"; steps: number; during: Act };

export interface Walk {
  id: Uuid;
  secret: string;
  stops: Uuid[];
}

/** What the person saw confirmed, and what they tried: the phone's medium has no say in it. */
export interface Ledger {
  captured: { id: Uuid; kind: "observation" | "feeling" | "answer"; photo: { id: Uuid; sha256: string } | null }[];
  replaced: Uuid[];
  removed: Uuid[];
  said: { entity: Uuid; type: string; body: unknown }[];
  tried: Uuid[];
  handed_in: number;
  joined_again: number;
}

const QUIET_WITHIN = 240_000; // real milliseconds: a busy machine is waited for
const OPEN = new Set(["waiting", "sending", "needs_you"]);

export class Player {
  readonly phone: Phone;
  readonly ledger: Ledger = {
    captured: [],
    replaced: [],
    removed: [],
    said: [],
    tried: [],
    handed_in: 0,
    joined_again: 0,
  };
  private readonly walk: Walk;
  private readonly photos: ArrayBuffer[];
  private reader: Promise<IDBDatabase> | null = null;

  constructor(setting: Setting, walk: Walk, photos: ArrayBuffer[]) {
    this.phone = new Phone(setting);
    this.walk = walk;
    this.photos = photos;
  }

  /** The page in front; a new one when there is none. */
  private get page(): Page {
    return this.phone.pages.findLast((page) => !page.isFrozen) ?? this.opened();
  }
  private opened(): Page {
    const page = this.phone.open();
    page.startSending();
    return page;
  }

  private async rejoin(): Promise<void> {
    const page = this.page;
    const again = page.product.join(page.db, { secret: this.walk.secret }, "Kim", page.worldForJoining());
    await again.catch(() => undefined);
  }

  async begin(tries: number): Promise<boolean> {
    for (let n = 0; n < tries; n++) {
      await this.rejoin();
      if (await this.page.product.identity(this.page.db)) return true;
    }
    return false;
  }

  async take(act: Act): Promise<void> {
    this.phone.clock.pass(1_000);
    switch (act.do) {
      case "capture":
        return void (await this.capture(act));
      case "danger":
        return this.danger(act);
      case "feel":
        return this.feel(act);
      case "answer":
        return this.answer(act);
      case "remove":
        return this.remove(act.which);
      case "correct":
        return this.about(act.which, "observation.correct", { text: act.text, severity: act.severity });
      case "withdraw":
        return this.about(act.which, "observation.withdraw", { reason: "dubblett" });
      case "hand_in_again":
        return this.handInAgain(act.which);
      case "hand_in":
        return this.handIn();
      case "rest":
        return this.rest(act.turns, act.most);
      case "crash":
        return this.crash(act.steps, act.during);
      case "clock":
        this.phone.clock.wall += act.by;
        return;
      case "full":
        this.phone.isFull = act.on;
        return;
      case "free_storage":
        return this.freeStorage();
      default:
        return this.handle(act.do);
    }
  }

  /** What is done to pages rather than on them. */
  private handle(what: Act["do"]): void {
    if (what === "wake") this.page.wake();
    if (what === "second_tab") this.opened();
    if (what === "close_tab") this.phone.pages[0]?.kill();
    if (what === "freeze" && this.phone.pages.length > 1) this.phone.pages[0]?.freeze();
    if (what === "melt") for (const page of this.phone.pages) page.melt();
    if (what === "lose_database") for (const page of this.phone.pages) page.loseConnection();
    if (what === "reopen") {
      for (const page of [...this.phone.pages]) page.kill();
      this.opened();
    }
  }

  // ------------------------------------------------------------ what a person does

  /** True when the person saw it done: the page lived to say so, and nothing failed. */
  private async confirmed(work: (page: Page) => Promise<unknown>): Promise<boolean> {
    const page = this.page;
    const done = work(page).then(
      () => true,
      (error: unknown) => {
        // No room is said to the person; a page that is gone says nothing. All else is a fault of ours.
        if (!isExpected(error)) this.phone.faults.push(String(error));
        return false;
      },
    );
    return Promise.race([done, page.ended.then(() => false)]);
  }

  private async capture(act: Extract<Act, { do: "capture" }>): Promise<Uuid | null> {
    const page = this.page;
    const { uuid7, sessionId, sha256 } = page.product;
    const id = uuid7(this.phone.clock.wall);
    const at = new Date(this.phone.clock.wall).toISOString();
    const bytes = act.photo === null ? null : (this.photos[act.photo % this.photos.length] as ArrayBuffer).slice(0);
    const photo = bytes ? { id: uuid7(this.phone.clock.wall), sha256: await sha256(bytes) } : null;
    const draft: ObservationDraft = {
      id,
      walk: this.walk.id,
      stop: act.stop === null ? null : (this.walk.stops[act.stop % this.walk.stops.length] as Uuid),
      category: act.category,
      severity: act.severity as ObservationDraft["severity"],
      text: act.text,
      position: null,
      place_words: "",
      seen_at: at,
      photos: photo ? [photo.id] : [],
      called: null,
      checklist_item: null,
      mono_ms: Math.round(this.phone.clock.elapsed),
      session: sessionId(),
    };
    this.ledger.tried.push(id);
    const shot =
      bytes && photo
        ? { id: photo.id, of: id, bytes, width: 64, height: 64, masks: 0, taken_at: at, checked: true }
        : null;
    const save = ({ product, db }: Page) =>
      shot ? product.saveShot(db, draft, shot) : product.saveObservation(db, draft);
    if (!(await this.confirmed(save))) return null;
    this.ledger.captured.push({ id, kind: "observation", photo });
    return id;
  }

  private async danger(act: Extract<Act, { do: "danger" }>): Promise<void> {
    const id = await this.capture({ ...act, do: "capture", category: "bel.trasig", severity: 3, stop: 0 });
    if (id === null) return;
    await this.confirmed(({ product, db }) => product.handInAlone(db, { id }));
  }

  private async feel({ stop, own }: Extract<Act, { do: "feel" }>): Promise<void> {
    const { uuid7, sessionId } = this.page.product;
    const id = uuid7(this.phone.clock.wall);
    const at = new Date(this.phone.clock.wall).toISOString();
    const where = this.walk.stops[stop % this.walk.stops.length] as Uuid;
    const made = { walk: this.walk.id, stop: where, mono_ms: 0, session: sessionId() };
    const before = await this.draftsWhere((row) => row.kind === "feeling" && row.draft.stop === where);
    this.ledger.tried.push(id);
    const save = ({ product, db }: Page) => product.saveFeeling(db, { id, felt_at: at, own, counts: null, ...made });
    const done = await this.confirmed(save);
    this.ledger.replaced.push(...before);
    if (done) this.ledger.captured.push({ id, kind: "feeling", photo: null });
  }

  private async answer({ stop, item, answer }: Extract<Act, { do: "answer" }>): Promise<void> {
    const { uuid7, sessionId } = this.page.product;
    const id = uuid7(this.phone.clock.wall);
    const at = new Date(this.phone.clock.wall).toISOString();
    const where = this.walk.stops[stop % this.walk.stops.length] as Uuid;
    const made = { walk: this.walk.id, stop: where, mono_ms: 0, session: sessionId(), template: "gangtunnel" };
    const same = (row: Row) => row.kind === "answer" && row.draft.stop === where && row.draft.item === item;
    const before = await this.draftsWhere(same);
    this.ledger.tried.push(id);
    const save = ({ product, db }: Page) =>
      product.saveAnswer(db, { id, template_version: 1, item, answer, answered_at: at, ...made });
    const done = await this.confirmed(save);
    this.ledger.replaced.push(...before);
    if (done) this.ledger.captured.push({ id, kind: "answer", photo: null });
  }

  /** Before hand-in people delete freely. */
  private async remove(which: number): Promise<void> {
    const drafts = await this.draftsWhere((row) => row.kind === "observation");
    const id = drafts[which % Math.max(1, drafts.length)];
    if (!id) return;
    this.ledger.removed.push(id);
    await this.confirmed(({ product, db }) => product.removeObservation(db, id));
  }

  private async handIn(): Promise<void> {
    if (await this.confirmed(({ product, db }) => product.handIn(db, this.walk.id))) this.ledger.handed_in += 1;
  }

  /** A person corrects and takes back what they see as handed in. */
  private async about(
    which: number,
    type: "observation.correct" | "observation.withdraw",
    body: object,
  ): Promise<void> {
    const rows = await this.rows();
    const taken = new Set(rows.filter((row) => row.operation.type === "observation.withdraw").map((row) => row.entity));
    const open = rows.filter((row) => row.operation.type === "observation.record" && !taken.has(row.entity));
    const entity = open[which % Math.max(1, open.length)]?.entity;
    if (!entity) return;
    const say = ({ product, db }: Page) =>
      type === "observation.correct"
        ? product.correct(db, entity, body as never)
        : product.withdraw(db, entity, (body as { reason: string }).reason);
    if (await this.confirmed(say)) this.ledger.said.push({ entity, type, body });
  }

  private async handInAgain(which: number): Promise<void> {
    const parked = (await this.rows()).filter((row) => row.passage === "needs_you" && row.replaced_by === null);
    const entity = parked[which % Math.max(1, parked.length)]?.entity;
    if (entity) await this.confirmed(({ product, db }) => product.handInAgain(db, entity, { text: "Mörkt." }));
  }

  private async freeStorage(): Promise<void> {
    await this.confirmed(({ product, db }) => product.forgetProven(db, "storage_short"));
  }

  private async rest(turns: number, most: number): Promise<void> {
    for (let n = 0; n < turns; n++) {
      this.phone.pass(most);
      await this.quiet();
    }
  }

  /** The page ends in the middle of something, and a new one is opened. */
  private async crash(steps: number, during: Act): Promise<void> {
    const page = this.page;
    page.killIn(steps);
    await this.take(during);
    await Promise.race([this.quiet(), page.ended]);
    page.kill();
    this.opened();
  }

  // ------------------------------------------------------------ how it ends

  /** Until every page waits for its next turn. */
  async quiet(): Promise<void> {
    const since = Date.now();
    for (let still = 0; still < 3; ) {
      await new Promise(this.phone.isQuiet ? setImmediate : (resolve) => setTimeout(resolve, 1));
      still = this.phone.isQuiet ? still + 1 : 0;
      if (Date.now() - since > QUIET_WITHIN) {
        const { seed, phone } = this.phone.setting;
        throw new Error(`seed ${seed}: phone ${phone} never comes to rest. ${this.phone.restless()}`);
      }
    }
  }

  /** The network is whole, the person stands at home: hands in, answers what needs them, and waits. True when all is over. */
  async heal(keepsDrafts: boolean): Promise<boolean> {
    this.phone.isFull = false;
    for (const page of this.phone.pages) page.melt();
    await this.quiet();
    for (const page of this.phone.pages.slice(0, -1)) page.kill();
    if (!keepsDrafts) await this.handIn();
    for (let turn = 0; turn < 40; turn++) {
      this.page.wake();
      await this.quiet();
      if (await this.isOver()) return true;
      await this.helps();
      await this.rest(1, 400_000);
    }
    return false;
  }

  /** The server does not know the phone: its person opens the link again. Something was refused: it is said otherwise. */
  private async helps(): Promise<void> {
    const { product, db } = this.page;
    if ((await product.contact(db)).paused !== null) {
      this.ledger.joined_again += 1;
      await this.rejoin();
    }
    for (const item of await product.items(db, this.walk.id)) {
      if (item.passage === "needs_you") await product.handInAgain(db, item.id, { text: "Mörkt." });
    }
  }

  private async isOver(): Promise<boolean> {
    const { outbox, photos } = await this.stores("outbox", "photos");
    const isOpen = (row: { passage: string; replaced_by?: string | null }) => OPEN.has(row.passage) && !row.replaced_by;
    const { product, db } = this.page;
    const { paused, last_answer_at } = await product.contact(db);
    // No time has passed since it was woken: a whole exchange was made just now.
    const isHeard = paused === null && last_answer_at === this.phone.clock.wall;
    return isHeard && ![...(outbox ?? []), ...(photos ?? [])].some((row) => isOpen(row as never));
  }

  // ------------------------------------------------------------ what the medium holds, read past the product

  async stores(...names: string[]): Promise<Record<string, unknown[]>> {
    this.reader ??= opened(this.phone.medium);
    const db = await this.reader;
    const tx = db.transaction(names, "readonly");
    const all = names.map(async (name) => [name, await asked(tx.objectStore(name).getAll())] as const);
    return Object.fromEntries(await Promise.all(all));
  }

  private async rows(): Promise<OutboxLike[]> {
    return (await this.stores("outbox")).outbox as OutboxLike[];
  }
  private async draftsWhere(is: (row: Row) => boolean): Promise<Uuid[]> {
    return ((await this.stores("drafts")).drafts as Row[]).filter(is).map((row) => row.id);
  }

  get faults(): string[] {
    return this.phone.faults;
  }

  end(): void {
    for (const page of [...this.phone.pages]) page.kill();
    void this.reader?.then((db) => db.close());
  }
}

interface Row {
  id: Uuid;
  kind: string;
  draft: { stop: Uuid | null; item?: string };
}
interface OutboxLike {
  entity: Uuid;
  passage: string;
  replaced_by: string | null;
  operation: { type: string };
}

function isExpected(error: unknown): boolean {
  return error instanceof Error && ["StorageFull", "InvalidStateError", "AbortError"].includes(error.name);
}

function opened(medium: IDBFactory): Promise<IDBDatabase> {
  return asked(medium.open("trygg-field"));
}

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
