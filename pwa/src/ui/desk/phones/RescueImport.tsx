import { useState } from "preact/hooks";
import type { Problem as Refused, RescueDraft, RescueRow, Uuid } from "../../../domain/wire";
import { t } from "../../parts/words";
import { asTrouble, request, Trouble } from "../data/api";
import { applied } from "../data/submit";
import { troubleText } from "../data/troubleWords";
import { CheckField, Problem } from "../parts/Fields";
import { say } from "../parts/live";
import { shortMoment } from "../time/stockholm";

/** A file that somebody carried in: read whole, taken in once, and its drafts only when a person says so. */
export function RescueImport() {
  const [made, setMade] = useState<RescueRow | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const doing = async (work: () => Promise<RescueRow>, done: string) => {
    setBusy(true);
    setProblem("");
    try {
      setMade(await work());
      applied.value++;
      say(done);
    } catch (error) {
      const trouble = asTrouble(error);
      setProblem(trouble.problem?.detail ?? troubleText(trouble.kind).text);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section class="group">
      <h2 id="rescue">{t("rescue.title")}</h2>
      <p class="quiet">{t("rescue.about")}</p>
      <label class="btn">
        {t(busy ? "rescue.reading" : "rescue.choose")}
        <input
          class="sr"
          type="file"
          accept=".trygg,application/octet-stream"
          disabled={busy}
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = "";
            if (file) void doing(() => upload(file), t("rescue.taken"));
          }}
        />
      </label>
      <Problem text={problem} />
      {made && (
        <Taken
          made={made}
          busy={busy}
          take={(drafts) =>
            void doing(
              () => request<RescueRow>("POST", `/api/rescues/${made.id}/drafts`, { drafts }),
              t("rescue.drafts_taken"),
            )
          }
        />
      )}
    </section>
  );
}

async function upload(file: File): Promise<RescueRow> {
  let response: Response;
  try {
    const headers = { accept: "application/json", "content-type": "application/octet-stream" };
    response = await fetch("/api/rescues", { method: "POST", credentials: "same-origin", headers, body: file });
  } catch {
    throw new Trouble("offline");
  }
  const found: unknown = await response.json().catch(() => null);
  if (found === null) throw new Trouble("offline");
  if (!response.ok) throw new Trouble(response.status >= 500 ? "fault" : "refused", found as Refused);
  return found as RescueRow;
}

function Taken({ made, busy, take }: { made: RescueRow; busy: boolean; take: (drafts: Uuid[]) => void }) {
  const [chosen, setChosen] = useState<ReadonlySet<Uuid>>(new Set());
  const { operations, photos } = made;
  const drafts = made.drafts ?? [];
  const choose = (id: Uuid, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  return (
    <section class="card" role="status">
      <h3>{t("rescue.from", { name: made.alias || t("held.nameless") })}</h3>
      {made.made_at && <p class="quiet">{t("rescue.made", { time: shortMoment(made.made_at) })}</p>}
      {operations && (
        <ul class="left">
          <li>{t("rescue.new", { n: operations.applied })}</li>
          {operations.repeated > 0 && <li>{t("rescue.repeated", { n: operations.repeated })}</li>}
          {operations.held > 0 && <li>{t("rescue.held", { n: operations.held })}</li>}
          {operations.deferred + operations.rejected > 0 && (
            <li>{t("rescue.not", { n: operations.deferred + operations.rejected })}</li>
          )}
          {photos && <li>{t("rescue.photos", { n: photos.taken + photos.here })}</li>}
        </ul>
      )}
      {drafts.length > 0 && (
        <>
          <h3>{t("rescue.drafts")}</h3>
          <p>{t("rescue.drafts_about")}</p>
          {drafts.map((draft) =>
            draft.here ? (
              <p key={draft.id}>
                {draftWords(draft)} {t("rescue.draft_here")}
              </p>
            ) : (
              <CheckField
                key={draft.id}
                label={draftWords(draft)}
                checked={chosen.has(draft.id)}
                onValue={(on) => choose(draft.id, on)}
                {...(draft.unchecked > 0 ? { hint: t("rescue.sealed", { n: draft.unchecked }) } : {})}
              />
            ),
          )}
          {drafts.some((draft) => !draft.here) && (
            <button
              type="button"
              class="btn go"
              disabled={busy || chosen.size === 0}
              onClick={() => {
                take([...chosen]);
                setChosen(new Set());
              }}
            >
              {t("rescue.take", { n: chosen.size })}
            </button>
          )}
        </>
      )}
    </section>
  );
}

function draftWords(draft: RescueDraft): string {
  const text = typeof draft.said.text === "string" ? draft.said.text : "";
  const when = draft.at ? ` ${shortMoment(draft.at)}` : "";
  return `${t(`rescue.kind.${draft.kind}`)}${when}${text ? ` ”${text}”` : ""}`;
}
