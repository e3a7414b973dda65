import { icons } from "virtual:icons?moon,sun,phone,phone-off,map-pin,triangle-alert,circle-question-mark";
import { useEffect, useRef, useState } from "preact/hooks";
import { clock } from "../../../domain/times";
import type { CategoryState, FindingRow, MunicipalityState, Suggested } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { PublishBox } from "../connections/PublishBox";
import { useGuard } from "../data/guarding";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { GuardedText, Problem, SelectField } from "../parts/Fields";
import { useKeys } from "../parts/keys";
import { href } from "../router";
import { shortMoment } from "../time/stockholm";
import { Decide } from "./Decide";
import { type Reviewed, sameReview } from "./decisions";
import { placeOf } from "./Inbox";
import { Moderate, Words } from "./Moderate";
import { Photos } from "./Photos";

interface PanelProps {
  finding: FindingRow;
  municipality: MunicipalityState;
  /** The one before it has just been decided: whoever goes by keyboard or ear goes on here. */
  takesFocus: boolean;
  onDecided: () => void;
}

export function FindingPanel({ finding: stored, municipality, takesFocus, onDecided }: PanelProps) {
  const [seen, setSeen] = useState<Reviewed>(seenIn(stored));
  const [base, setBase] = useState(stored.version);
  const [saved, setSaved] = useState(false);
  const isOther = seen.category !== stored.category || seen.severity !== stored.severity;
  const asIf = useLoad<Suggested>(
    isOther
      ? `/api/observations/${stored.id}/suggestion?category=${seen.category}&severity=${seen.severity ?? ""}`
      : null,
  );
  // What the rules say of it follows what the reviewer says that it is.
  const finding = isOther ? { ...stored, suggestion: asIf.data?.suggestion ?? null } : stored;
  const category = municipality.categories.find((found) => found.code === finding.category);
  const canSort = finding.state === "received" || finding.state === "reviewed" || finding.state === "linked";
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takesFocus) title.current?.focus();
  }, []);
  // Saved here: what comes next builds on it, and is not taken for somebody else's change.
  useEffect(() => {
    if (!saved || stored.version === base) return;
    setBase(stored.version);
    setSaved(false);
  }, [saved, stored.version]);
  useKeys({ r: () => unfold("review"), t: () => unfold("moderate") });
  return (
    <article class="stack" aria-labelledby="finding-title">
      <div>
        <h2 id="finding-title" ref={title} tabIndex={-1} class="finding-title">
          {category?.name ?? finding.category}
        </h2>
        <p class="quiet">
          {finding.number}. {placeOf(finding)}. {finding.walk_name}.
        </p>
      </div>
      {(finding.danger || finding.called) && <Danger finding={finding} />}
      <div class="triage-look">
        <div class="stack">
          <Photos finding={finding} />
        </div>
        <div class="stack">
          <Words finding={finding} />
          <Facts finding={finding} />
        </div>
      </div>
      {finding.withdraw_reason && (
        <p class="note">
          {t("finding.wants_back")}
          {finding.withdraw_reason !== "–" && ` ”${finding.withdraw_reason}”`}
        </p>
      )}
      <Decide finding={finding} base={base} seen={seen} municipality={municipality} onDecided={onDecided} />
      {canSort && (
        <Review
          finding={stored}
          base={base}
          seen={seen}
          setSeen={setSeen}
          categories={municipality.categories}
          onSaved={() => setSaved(true)}
        />
      )}
      {finding.state !== "withdrawn" && <Moderate finding={finding} />}
      <PublishBox finding={finding} />
    </article>
  );
}

/** Opens a folded part and goes to its first field. */
function unfold(id: string): void {
  const part = document.getElementById(id);
  if (!(part instanceof HTMLDetailsElement)) return;
  part.open = true;
  part.querySelector<HTMLElement>("select, textarea")?.focus();
}

function Danger({ finding }: { finding: FindingRow }) {
  const called = finding.called?.choice === "called";
  return (
    <div class="danger">
      <p class="tag t-need">
        <Icon drawing={icons["triangle-alert"] ?? ""} />
        {t("finding.danger")}
      </p>
      <p class="tag">
        <Icon drawing={(called ? icons.phone : icons["phone-off"]) ?? ""} />
        {finding.called
          ? t(`finding.${finding.called.choice}`, { time: clock(finding.called.at) })
          : t("finding.call_unknown")}
      </p>
    </div>
  );
}

function Facts({ finding }: { finding: FindingRow }) {
  const dark = finding.dark === null ? "circle-question-mark" : finding.dark ? "moon" : "sun";
  const at = finding.position;
  return (
    <dl class="facts">
      <dt>{t("finding.seen")}</dt>
      <dd>
        {shortMoment(finding.seen_at)}
        <span class="tag t-quiet block">
          <Icon drawing={icons[dark] ?? ""} />
          {t(`finding.was.${finding.dark === null ? "unknown" : finding.dark ? "dark" : "light"}`)}
        </span>
      </dd>
      <dt>{t("finding.severity")}</dt>
      <dd>{t(`severity.${finding.severity ?? "none"}`)}</dd>
      <dt>{t("finding.position")}</dt>
      <dd class="num">
        {at ? (
          <>
            {at.lat.toFixed(5)}, {at.lon.toFixed(5)}
            {at.accuracy_m !== null && (
              <span class="quiet"> {t("finding.within", { m: Math.round(at.accuracy_m) })}</span>
            )}
          </>
        ) : (
          t("finding.no_position")
        )}
      </dd>
      {finding.stretch && (
        <>
          <dt>{t("tasks.stretch")}</dt>
          <dd>{finding.stretch}</dd>
        </>
      )}
      {finding.tasks.length > 0 && (
        <>
          <dt>{t("finding.task")}</dt>
          <dd>
            {finding.tasks.map((task) => (
              <a key={task} href={href(`/atgarder/${task}`)}>
                {t("finding.to_task")}
              </a>
            ))}
          </dd>
        </>
      )}
    </dl>
  );
}

const KINDS: readonly CategoryState["kind"][] = ["F", "M", "S", "U", "P"];

/** What a task is made of; a finding that has one stays among these. */
const WORK: readonly CategoryState["kind"][] = ["F", "M"];

function seenIn(finding: FindingRow): Reviewed {
  return { category: finding.category, severity: finding.severity, note: finding.review_note };
}

interface ReviewProps {
  finding: FindingRow;
  base: number;
  seen: Reviewed;
  setSeen: (seen: Reviewed) => void;
  categories: CategoryState[];
  onSaved: () => void;
}

/** What it is, sorted by itself or before a decision. */
function Review({ finding, base, seen, setSeen, categories, onSaved }: ReviewProps) {
  const sending = useSubmit();
  const guard = useGuard();
  const [stopped, setStopped] = useState("");
  const isLinked = finding.state === "linked";
  const isSame = sameReview(finding, seen);

  async function save() {
    const objection = guard([seen.note]);
    setStopped(objection ?? "");
    if (objection) return;
    const sorted = operation("observation.review", finding.id, { ...seen, note: seen.note.trim() }, base);
    if (await sending.send(t("review.done", { number: finding.number }), sorted)) onSaved();
  }
  return (
    <details class="review" id="review">
      <summary class="btn plain">
        {t("review.title")} <kbd>r</kbd>
      </summary>
      <div class="stack">
        <label>
          <span class="field-label">{t("review.category")}</span>
          <select
            class="input"
            value={seen.category}
            onChange={(event) => setSeen({ ...seen, category: event.currentTarget.value })}
          >
            {(isLinked ? WORK : KINDS).map((kind) => (
              <optgroup key={kind} label={t(`kind.${kind}`)}>
                {categories
                  .filter((found) => found.kind === kind)
                  .map((found) => (
                    <option key={found.code} value={found.code} selected={found.code === seen.category}>
                      {found.name}
                    </option>
                  ))}
              </optgroup>
            ))}
          </select>
        </label>
        <SelectField
          label={t("finding.severity")}
          value={`${seen.severity ?? ""}`}
          onValue={(value) => setSeen({ ...seen, severity: value === "" ? null : Number(value) })}
          options={[
            { value: "", name: t("severity.none") },
            ...[0, 1, 2, 3].map((n) => ({ value: `${n}`, name: t(`severity.${n}`) })),
          ]}
        />
        <GuardedText
          label={t("form.internal")}
          hint={t("form.internal_hint")}
          value={seen.note}
          onValue={(note) => setSeen({ ...seen, note })}
        />
        {isLinked && <p class="quiet">{t("review.linked")}</p>}
        <p>
          <button type="button" class="btn" disabled={sending.busy || isSame} onClick={() => void save()}>
            {t("review.save")}
          </button>
        </p>
        <Problem text={stopped || sending.problem} />
      </div>
    </details>
  );
}
