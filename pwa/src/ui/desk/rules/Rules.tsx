import { useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import type { MunicipalityState, Rule, RulesData, RulesView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem } from "../parts/Fields";
import { Page } from "../parts/Page";
import { Ready } from "../parts/StateCard";
import { dateIn, plainDate } from "../time/stockholm";
import { emptyRule, type Known, moved, put } from "./draft";
import { RuleForm } from "./RuleForm";
import { RuleList } from "./RuleList";
import { Tables } from "./Tables";
import { Trial } from "./Trial";

/** Who gets what, and why: what holds, what is being written, and what it would have changed. */
export function Rules() {
  const view = useLoad<RulesView>("/api/rules");
  const here = useLoad<MunicipalityState>("/api/municipality");
  return (
    <Page title={t("room.regler")}>
      <h1 tabIndex={-1}>{t("room.regler")}</h1>
      <Ready of={view}>
        {(found) => (
          <Ready of={here}>
            {(municipality) => (
              <>
                <p class="lead">{t("rules.lead")}</p>
                {found.draft ? (
                  <Draft draft={found.draft} municipality={municipality} choices={found.choices} onTried={view.again} />
                ) : (
                  <Begin rules={found.live.rules} />
                )}
                <Live found={found} municipality={municipality} />
                <Earlier found={found} />
              </>
            )}
          </Ready>
        )}
      </Ready>
    </Page>
  );
}

function Begin({ rules }: { rules: RulesData }) {
  const sending = useSubmit();
  const begin = () =>
    sending.send(t("rules.begun"), operation("rulebook.save", uuid7(), { rules, note: "", seen: null }));
  return (
    <>
      <p class="acts">
        <button type="button" class="btn go" disabled={sending.busy} onClick={() => void begin()}>
          {t("rules.begin")}
        </button>
      </p>
      <Problem text={sending.problem} />
    </>
  );
}

interface DraftProps extends Known {
  draft: NonNullable<RulesView["draft"]>;
  onTried: () => void;
}

/** Every change is kept at once: another desk, or the same one tomorrow, goes on where this one stopped. */
function Draft({ draft, municipality, choices, onTried }: DraftProps) {
  const [open, setOpen] = useState<Rule | null>(null);
  const sending = useSubmit();
  const known = { municipality, choices };
  const keepAll = (changes: Partial<RulesData>, said: string) =>
    sending.send(
      said,
      operation("rulebook.save", draft.id, {
        rules: { ...draft.rules, ...changes },
        note: draft.note,
        seen: draft.version,
      }),
    );
  const keep = (rules: Rule[], said: string) => keepAll({ rules }, said);
  const save = async (rule: Rule) => {
    if (await keep(put(draft.rules.rules, rule), t("rules.kept"))) setOpen(null);
  };
  const form = open && (
    <RuleForm
      key={open.id}
      {...known}
      rule={open}
      busy={sending.busy}
      onSave={(rule) => void save(rule)}
      onLeave={() => setOpen(null)}
    />
  );
  return (
    <section class="stack" aria-labelledby="utkast">
      <h2 id="utkast">{t("rules.draft")}</h2>
      <p class="quiet">
        {t("rules.draft_by", { by: draft.saved_by, date: plainDate(dateIn(new Date(draft.saved_at))) })}
      </p>
      <Problem text={sending.problem} />
      <RuleList
        {...known}
        rules={draft.rules}
        faults={draft.faults}
        {...(draft.tried ? { never: draft.tried.never } : {})}
        edit={{
          busy: sending.busy || open !== null,
          onMove: (at, by) => void keep(moved(draft.rules.rules, at, by), t("rules.moved")),
          onOpen: setOpen,
          open: open?.id ?? null,
          form,
          onRemove: (rule) =>
            void keep(
              draft.rules.rules.filter((it) => it.id !== rule.id),
              t("rules.removed"),
            ),
        }}
      />
      {open && !draft.rules.rules.some((it) => it.id === open.id) && form}
      {!open && (
        <p class="acts">
          <button type="button" class="btn" onClick={() => setOpen(emptyRule(`r-${uuid7().slice(-12)}`))}>
            {t("rules.add")}
          </button>
        </p>
      )}
      <Tables {...known} rules={draft.rules} edit={{ busy: sending.busy || open !== null, onKeep: keepAll }} />
      <Trial book={draft.id} rules={draft.rules} onDone={onTried} />
      <Publish draft={draft} />
    </section>
  );
}

function Publish({ draft }: { draft: DraftProps["draft"] }) {
  const sending = useSubmit();
  const act = (type: "rulebook.publish" | "rulebook.discard", said: string) =>
    void sending.send(said, operation(type, draft.id, {}));
  const isReady = draft.tried !== null && draft.faults.length === 0;
  return (
    <section class="stack" aria-labelledby="publicera">
      <h3 id="publicera">{t("rules.publishing")}</h3>
      <p>
        {draft.faults.length > 0
          ? t("rules.mend_first", { n: draft.faults.length })
          : draft.tried
            ? t("rules.tried", {
                by: draft.tried.by,
                n: draft.tried.changed,
                all: draft.tried.findings,
              })
            : t("rules.try_first")}
      </p>
      <div class="acts">
        <button
          type="button"
          class="btn go"
          disabled={!isReady || sending.busy}
          onClick={() => act("rulebook.publish", t("rules.published"))}
        >
          {t("rules.publish")}
        </button>
        <button
          type="button"
          class="btn"
          disabled={sending.busy}
          onClick={() => act("rulebook.discard", t("rules.discarded"))}
        >
          {t("rules.discard")}
        </button>
      </div>
      <Problem text={sending.problem} />
    </section>
  );
}

function Live({ found, municipality }: { found: RulesView; municipality: MunicipalityState }) {
  const { live, choices } = found;
  return (
    <section class="stack" aria-labelledby="galler">
      <h2 id="galler">{t("rules.live")}</h2>
      <p class="quiet">
        {live.published_at
          ? t("rules.live_by", {
              n: live.number,
              by: live.published_by,
              date: plainDate(dateIn(new Date(live.published_at))),
            })
          : t("rules.came_with")}
      </p>
      <details open={!found.draft}>
        <summary>{t("rules.n", { n: live.rules.rules.length })}</summary>
        <RuleList municipality={municipality} choices={choices} rules={live.rules} faults={live.faults} />
      </details>
      <Tables rules={live.rules} municipality={municipality} choices={choices} />
    </section>
  );
}

function Earlier({ found }: { found: RulesView }) {
  const sending = useSubmit();
  if (found.earlier.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="tidigare">
      <h2 id="tidigare">{t("rules.earlier")}</h2>
      <Problem text={sending.problem} />
      <ul class="stack">
        {found.earlier.map((book) => (
          <li key={book.id} class="spread">
            <span>
              {t("rules.live_by", {
                n: book.number,
                by: book.published_by,
                date: book.published_at ? plainDate(dateIn(new Date(book.published_at))) : "",
              })}
            </span>
            <button
              type="button"
              class="btn"
              disabled={sending.busy}
              onClick={() =>
                book.id &&
                void sending.send(t("rules.went_back", { n: book.number }), operation("rulebook.go_back", book.id, {}))
              }
            >
              {t("rules.go_back", { n: book.number })}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
