import { useState } from "preact/hooks";
import type { FindingRow, Uuid } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { TextField } from "../parts/Fields";
import { Candidate } from "../tasks/Candidate";
import { byDistance, metresBetween } from "../tasks/nearest";
import { useTyped } from "../tasks/useTyped";
import { type FormProps, Send } from "./forms";
import { placeOf } from "./Inbox";

const OTHERS = "received,reviewed,linked,no_action";
const MOST = 8;

/** Any finding there is, by its number or words of it; before somebody asks, those that lie nearest. */
export function MergeForm({ finding, base, municipality, act, busy }: FormProps) {
  const [into, setInto] = useState<Uuid>("");
  const [words, setWords] = useState("");
  const asked = useTyped(words);
  const found = useLoad<{ observations: FindingRow[] }>(pathOf(finding, asked));
  const name = (code: string) => municipality.categories.find((one) => one.code === code)?.name ?? code;
  // What is social never becomes the same as what is not: it would come to a unit with it.
  const others = (found.data?.observations ?? []).filter(
    (row) => row.id !== finding.id && (row.kind === "S") === (finding.kind === "S"),
  );
  const rows = byDistance(others.map((row) => ({ row, metres: metresTo(row, finding) })));
  const shown = rows.slice(0, MOST);
  return (
    <>
      <p class="quiet">{t("decide.merge_means")}</p>
      <TextField
        label={t("decide.merge_find")}
        hint={t("decide.merge_hint")}
        value={words}
        onValue={setWords}
        max={80}
      />
      <p class="quiet" role="status">
        {found.trouble && t("find_task.trouble")}
        {found.data && asked && t("decide.merge_found", { n: rows.length, most: MOST })}
        {found.data && !asked && t(shown.length > 0 ? "decide.merge_near" : "decide.merge_none")}
      </p>
      <ul class="choices">
        {shown.map(({ row, metres }) => (
          <Candidate
            key={row.id}
            name={`${row.number}: ${name(row.category)}`}
            said={`${placeOf(row)}. ${t(`finding.stands.${row.state}`)}.`}
            metres={metres}
            photo={row.photos.find(({ state }) => state === "accepted")?.id ?? null}
            busy={busy}
            pressed={row.id === into}
            onChoose={() => setInto(row.id)}
          />
        ))}
      </ul>
      <Send
        busy={busy}
        disabled={!shown.some(({ row }) => row.id === into)}
        word={t("decide.merge")}
        act={() => void act([], operation("observation.merge", finding.id, { into }, base))}
      />
    </>
  );
}

/** Asked for nothing: those the server says could be the same; and where it names none, the newest. */
function pathOf(finding: FindingRow, asked: string): string {
  if (asked) return `/api/observations?brief=1&limit=50&state=${OTHERS}&q=${encodeURIComponent(asked)}`;
  const near = finding.near.map(({ observation }) => observation);
  if (near.length > 0) return `/api/observations?brief=1&state=${OTHERS}&id=${near.join(",")}`;
  return `/api/observations?brief=1&limit=${MOST + 1}&state=${OTHERS}&walk=${finding.walk}`;
}

function metresTo({ point }: FindingRow, from: FindingRow): number | null {
  return point && from.point ? metresBetween(from.point, point) : null;
}
