import { useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import type { HeldRow } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, TextField } from "../parts/Fields";
import { Ready } from "../parts/StateCard";
import { shortMoment } from "../time/stockholm";

const MOST = 200;

/** What was taken in and not decided, phone by phone. A person lets it in, or refuses it and says why. */
export function HeldList() {
  const found = useLoad<{ held: HeldRow[]; count: number }>("/api/held", 10_000);
  return (
    <section class="group">
      <h2 id="held">{t("held.title")}</h2>
      <p class="quiet">{t("held.about")}</p>
      <Ready of={found}>
        {({ held }) =>
          held.length === 0 ? (
            <p>{t("held.none")}</p>
          ) : (
            byPhone(held).map((rows) => <OfPhone key={rows[0]?.device ?? ""} rows={rows} />)
          )
        }
      </Ready>
    </section>
  );
}

export function byPhone(held: readonly HeldRow[]): HeldRow[][] {
  const phones = new Map<string, HeldRow[]>();
  for (const row of held) phones.set(row.device ?? "", [...(phones.get(row.device ?? "") ?? []), row]);
  return [...phones.values()];
}

function OfPhone({ rows }: { rows: HeldRow[] }) {
  const [reason, setReason] = useState("");
  const sending = useSubmit();
  const operations = rows.slice(0, MOST).map((row) => row.operation);
  const first = rows[0];
  if (!first) return null;
  return (
    <section class="card">
      <h3>{t("held.from", { name: first.alias || t("held.nameless"), n: rows.length })}</h3>
      <p>{t(`held.why.${first.why}`)}</p>
      <ul class="left">
        {rows.slice(0, MOST).map((row) => (
          <li key={row.operation}>
            {heldWords(row)} <span class="quiet num">{shortMoment(row.at)}</span>
          </li>
        ))}
      </ul>
      <p class="acts">
        <button
          type="button"
          class="btn go"
          disabled={sending.busy}
          onClick={() => void sending.send(t("held.accepted"), operation("held.accept", uuid7(), { operations }))}
        >
          {t("held.accept")}
        </button>
      </p>
      <details>
        <summary>{t("held.refuse")}</summary>
        <TextField label={t("held.reason")} value={reason} onValue={setReason} max={200} />
        <button
          type="button"
          class="btn"
          disabled={sending.busy}
          onClick={() =>
            void sending.send(t("held.refused"), operation("held.refuse", uuid7(), { operations, reason }))
          }
        >
          {t("held.refuse_yes")}
        </button>
      </details>
      <Problem text={sending.problem} />
    </section>
  );
}

const KNOWN = new Set([
  "observation.record",
  "observation.correct",
  "observation.withdraw",
  "feeling.answer",
  "checklist.answer",
  "photo.declare",
  "walk.hand_in",
  "presence.pass",
  "presence.log",
]);

function heldWords(row: HeldRow): string {
  const what = t(`held.type.${KNOWN.has(row.type) ? row.type.replace(".", "_") : "other"}`);
  const text = typeof row.said.text === "string" && row.said.text ? ` ”${row.said.text}”` : "";
  return what + text + (row.here === false ? ` ${t("held.no_bytes")}` : "");
}
