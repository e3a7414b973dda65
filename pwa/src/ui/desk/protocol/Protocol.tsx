import { icons } from "virtual:icons?chevron-left,save";
import { useEffect, useState } from "preact/hooks";
import type { ProtocolView } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem } from "../parts/Fields";
import { Page } from "../parts/Page";
import { Ready } from "../parts/StateCard";
import { href } from "../router";
import { Actions } from "./Actions";
import { Again } from "./Again";
import { Approve } from "./Approve";
import { changesOf, type Draft, draftOf, metAnother, rebased } from "./draft";
import { Files } from "./Files";
import { Stops } from "./Stops";
import { Texts } from "./Texts";

/** C3: what the walk came to, written in, read, approved and taken home. */
export function Protocol({ id }: { id: string }) {
  const view = useLoad<ProtocolView>(`/api/walks/${id}/protocol`);
  return (
    <Page title={t("protocol.title")}>
      <p>
        <a class="back-link" href={href(`/vandringar/${id}`)}>
          <Icon drawing={icons["chevron-left"] ?? ""} />
          {t("protocol.back")}
        </a>
      </p>
      <Ready of={view}>{(read) => <Desk walk={id} view={read} />}</Ready>
    </Page>
  );
}

function Desk({ walk, view }: { walk: string; view: ProtocolView }) {
  const { protocol, minutes } = view;
  const [draft, setDraft] = useState<Draft>(() => draftOf(protocol));
  const [read, setRead] = useState(protocol);
  const changed = Object.keys(changesOf(draft, read)).length > 0;
  const [met, setMet] = useState(false);
  useEffect(() => {
    setMet(metAnother(draft, read, protocol));
    setDraft(rebased(draft, read, protocol));
    setRead(protocol);
  }, [protocol.version]);
  const set = (more: Partial<Draft>) => setDraft((before) => ({ ...before, ...more }));
  return (
    <>
      <h1 tabIndex={-1}>
        {t("protocol.title")}: {minutes.name}
      </h1>
      <Lead walk={walk} view={view} />
      <Numbers view={view} />
      <Files walk={walk} view={view} />
      <form class="stack" onSubmit={(event) => event.preventDefault()}>
        <Texts draft={draft} set={set} />
        <Stops view={view} draft={draft} set={set} />
        <Actions view={view} draft={draft} set={set} />
        <Problem text={met ? t("protocol.met") : ""} />
        <Save walk={walk} draft={draft} read={read} changed={changed} />
      </form>
      <Approve walk={walk} view={view} changed={changed} />
      <Again view={view} />
    </>
  );
}

function Lead({ walk, view }: { walk: string; view: ProtocolView }) {
  const { minutes, protocol } = view;
  return (
    <>
      <p class="lead">
        {t("protocol.lead", { good: minutes.good, found: minutes.found })}{" "}
        {protocol.edition === 0
          ? t("protocol.state.draft")
          : t("protocol.state.approved", { number: protocol.edition })}
      </p>
      {minutes.unsorted > 0 && (
        <p class="tag t-need">
          {t("protocol.unsorted", { n: minutes.unsorted })}{" "}
          <a class="way" href={href(`/inkommet?walk=${walk}`)}>
            {t("protocol.to_sort")}
          </a>
        </p>
      )}
    </>
  );
}

/** Said and seen stand on rows of their own. */
function Numbers({ view }: { view: ProtocolView }) {
  const { rates } = view.minutes;
  const rows: [string, number][] = [
    [t("protocol.actions_n"), rates.actions],
    [t("protocol.claimed"), rates.claimed],
    [t("protocol.partly"), rates.partly],
    [t("protocol.verified"), rates.verified],
    [t("protocol.open"), rates.open],
    [t("protocol.refused"), rates.refused],
  ];
  return (
    <section class="group">
      <h2 id="numbers">{t("protocol.numbers")}</h2>
      <table class="plain numbers">
        <thead>
          <tr>
            <th scope="col">{t("protocol.what")}</th>
            <th scope="col">{t("protocol.count")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, n]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{n}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface SaveProps {
  walk: string;
  draft: Draft;
  read: ProtocolView["protocol"];
  changed: boolean;
}

function Save({ walk, draft, read, changed }: SaveProps) {
  const sending = useSubmit();
  const guard = useGuard();
  const [stopped, setStopped] = useState("");
  async function save() {
    const texts = [draft.summary, draft.purpose, draft.feedback, draft.parties, draft.weather];
    const written = [...draft.comments, ...draft.words].map((each) => each.text);
    const objection = guard([...texts, ...written]);
    setStopped(objection ?? "");
    if (objection) return;
    const edit = operation("protocol.edit", read.id, changesOf(draft, read), read.version || null);
    const begin = operation("protocol.draft", read.id, { walk });
    await sending.send(t("protocol.saved"), ...(read.version === 0 ? [begin, edit] : [edit]));
  }
  return (
    <>
      <Problem text={stopped || sending.problem} />
      <p class="acts">
        <button type="button" class="btn go" disabled={sending.busy || !changed} onClick={() => void save()}>
          <Icon drawing={icons.save ?? ""} />
          {t("protocol.save")}
        </button>
        {changed && <span class="quiet">{t("protocol.unsaved")}</span>}
      </p>
    </>
  );
}
