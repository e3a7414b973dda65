import { icons } from "virtual:icons?hammer,link,circle-minus,merge,eye-off,eye,undo-2,map,check";
import { useState } from "preact/hooks";
import type { FindingRow, MunicipalityState, Operation } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem } from "../parts/Fields";
import { useKeys } from "../parts/keys";
import { Raise } from "../tasks/Raise";
import { plainDate } from "../time/stockholm";
import { Compare } from "./Compare";
import {
  type Choice,
  canJoin,
  choicesFor,
  joinOf,
  keepApart,
  makeTask,
  type Proposal,
  proposalFor,
  type Reviewed,
  reviewOf,
} from "./decisions";
import { DismissForm, LinkForm, PublicForm, ReopenForm, Send, TaskForm, WithholdForm } from "./forms";
import { last, undoOf } from "./last";
import { MergeForm } from "./MergeForm";

interface DecideProps {
  finding: FindingRow;
  base: number; // the version that was opened
  seen: Reviewed;
  municipality: MunicipalityState;
  onDecided: () => void;
}

const ICONS: Record<Choice, string> = {
  make_task: "hammer",
  link: "link",
  dismiss: "circle-minus",
  lagesbild: "map",
  merge: "merge",
  withhold: "eye-off",
  release: "eye",
  unmerge: "undo-2",
  reopen: "undo-2",
};
const UNDOING: readonly Choice[] = ["release", "unmerge", "withhold", "reopen"];
/** Inside these the numbers choose a reason. */
const NUMBERED: readonly (Choice | null)[] = ["dismiss", "withhold"];

/** What is proposed, what could be the same, and the other choices; each has a key of its own. */
export function Decide(props: DecideProps) {
  const { finding, base, seen, municipality, onDecided } = props;
  // A changed category may make it social: the choices follow what the reviewer now says it is.
  const kind = municipality.categories.find((found) => found.code === seen.category)?.kind ?? finding.kind;
  const choices = choicesFor({ ...finding, kind });
  const proposal = proposalFor(finding, seen, municipality);
  const [open, setOpen] = useState<Choice | null>(null);
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  const near = kind === "S" ? undefined : finding.near[0];

  async function act(choice: Choice, texts: string[], ...operations: Operation[]) {
    const objection = guard([...texts, seen.note]);
    setStopped(objection ?? "");
    if (objection) return;
    const review = UNDOING.includes(choice) ? [] : reviewOf(finding, seen, base);
    const text = t(`decide.done.${choice}`, { number: finding.number });
    if (!(await sending.send(text, ...review, ...operations))) return;
    const undo = undoOf(choice, finding, seen, operations, t("undo.reason"));
    last.value = undo && { finding: finding.id, text, undo };
    onDecided();
  }
  const accept = () => proposal && void act(proposal.choice, [], ...opsOf(proposal, finding, base));
  const same = near && canJoin(finding, near) ? near : undefined;
  const join = () => same && void act(same.task ? "link" : "merge", [], joinOf(finding, same, base));
  const other = () => near && void sending.send(t("compare.remembered"), keepApart(finding, near));
  const numbers = NUMBERED.includes(open)
    ? {}
    : Object.fromEntries(choices.map((choice, i) => [`${i + 1}`, () => setOpen(choice)]));
  const form = (choice: Choice) => (choices.includes(choice) ? setOpen(choice) : undefined);
  useKeys({
    ...numbers,
    a: () => void accept(),
    s: () => void join(),
    i: () => void other(),
    u: () => form("dismiss"),
    d: () => form("withhold"),
    Escape: () => setOpen(null),
  });
  if (choices.length === 0) return <p class="quiet">{t(`finding.settled.${finding.state}`)}</p>;
  return (
    <section class="decide stack" aria-label={t("decide.title")}>
      {kind === "S" && <p class="note">{t("decide.social_why")}</p>}
      {near && (
        <Compare
          finding={finding}
          near={near}
          more={finding.near.length - 1}
          categories={municipality.categories}
          busy={sending.busy}
          onSame={same ? () => void join() : null}
          onOther={() => void other()}
        />
      )}
      {proposal && (
        <Proposed proposal={proposal} finding={finding} busy={sending.busy} onAccept={() => void accept()} />
      )}
      {finding.suggestion?.raises.map((it) => (
        <Raise key={it.task} it={it} named />
      ))}
      <div class="acts">
        {choices.map((choice, i) => (
          <button
            key={choice}
            type="button"
            class={`btn${i === 0 && !proposal ? " go" : ""}`}
            aria-expanded={open === choice}
            onClick={() => setOpen(open === choice ? null : choice)}
          >
            <Icon drawing={icons[ICONS[choice]] ?? ""} />
            {choice === "make_task" && finding.state === "linked" ? t("decide.another_task") : t(`decide.${choice}`)}{" "}
            <kbd>{i + 1}</kbd>
          </button>
        ))}
      </div>
      {open && choices.includes(open) && (
        <Form
          key={open}
          choice={open}
          {...props}
          busy={sending.busy}
          act={(texts, ...ops) => act(open, texts, ...ops)}
        />
      )}
      <Problem text={stopped || sending.problem} />
    </section>
  );
}

function opsOf(proposal: Proposal, finding: FindingRow, base: number): Operation[] {
  if (proposal.choice === "make_task") return makeTask(finding, proposal.task);
  const reason = proposal.choice === "lagesbild" ? "lagesbild" : "positive";
  return [operation("observation.dismiss", finding.id, { reason, public_text: t(`dismiss.text.${reason}`) }, base)];
}

interface ProposedProps {
  proposal: Proposal;
  finding: FindingRow;
  busy: boolean;
  onAccept: () => void;
}

/** What one key does, said whole before it is pressed. */
function Proposed({ proposal, finding, busy, onAccept }: ProposedProps) {
  const rule = finding.suggestion;
  return (
    <div class="proposal">
      {proposal.choice === "make_task" && rule ? (
        <p>
          {t("decide.suggestion")} <b>{rule.department_name}</b>. {rule.reason}{" "}
          {t("decide.by", { date: plainDate(rule.due_on) })}
          {rule.priority_reason && ` ${t("decide.priority", { n: rule.priority, why: rule.priority_reason })}`}
          {rule.authority && ` ${t("decide.authority")}`}
          {finding.dark_hint && <b class="block">{finding.dark_hint}</b>}
        </p>
      ) : (
        <p>{t(`decide.proposed.${proposal.choice}`)}</p>
      )}
      <p>
        <button type="button" class="btn go" disabled={busy} onClick={onAccept}>
          <Icon drawing={icons.check ?? ""} />
          {t("decide.accept")} <kbd>a</kbd>
        </button>
      </p>
    </div>
  );
}

type Opened = Omit<DecideProps, "onDecided"> & {
  choice: Choice;
  busy: boolean;
  act: (texts: string[], ...operations: Operation[]) => Promise<void>;
};

function Form({ choice, ...form }: Opened) {
  const { finding, busy, act } = form;
  return (
    <div class="box stack">
      {choice === "make_task" && <TaskForm {...form} />}
      {choice === "link" && <LinkForm {...form} />}
      {choice === "dismiss" && <DismissForm {...form} />}
      {choice === "lagesbild" && <PublicForm {...form} reason="lagesbild" focused />}
      {choice === "merge" && <MergeForm {...form} />}
      {choice === "withhold" && <WithholdForm {...form} />}
      {choice === "reopen" && <ReopenForm {...form} />}
      {(choice === "release" || choice === "unmerge") && (
        <>
          <p>{t(`decide.${choice}_means`)}</p>
          <Send
            busy={busy}
            focused
            act={() => void act([], operation(`observation.${choice}`, finding.id, {}, finding.version))}
            word={t(`decide.${choice}`)}
          />
        </>
      )}
    </div>
  );
}
