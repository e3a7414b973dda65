import { icons } from "virtual:icons?arrow-down,chevron-left,clock-alert";
import type {
  FindingRow,
  MunicipalityState,
  OperationType,
  PhotoState,
  RaiseState,
  TaskEvent,
  TaskRow,
  TaskSpent,
  TogetherRow,
} from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { DeliveryBox } from "../connections/DeliveryBox";
import { useLoad } from "../data/load";
import { Links } from "../links/Links";
import { TaskMail } from "../mail/TaskMail";
import { PairBox } from "../pairs/PairBox";
import { MapDrawing } from "../parts/MapDrawing";
import { Page } from "../parts/Page";
import { Ready } from "../parts/StateCard";
import { Way } from "../parts/Way";
import { InPlans } from "../plans/InPlans";
import { dateIn, plainDate, shortMoment } from "../time/stockholm";
import { Together } from "../triage/Together";
import { ArrowForms } from "./ArrowForms";
import { Changes } from "./Changes";
import { History } from "./History";
import { isClosed } from "./lateness";
import { NoteForm } from "./NoteForm";
import { Pair } from "./Pair";
import { befores } from "./photos";
import { Raise } from "./Raise";
import { SeenThere } from "./SeenThere";
import { backToList } from "./TaskList";
import { TaskStatus } from "./TaskStatus";
import { TimeLine } from "./TimeLine";

export type WholeTask = TaskRow & {
  findings: FindingRow[];
  history: TaskEvent[];
  photos: PhotoState[];
  arrows: OperationType[];
  changes: OperationType[];
  spent: TaskSpent;
  together?: TogetherRow;
  raise?: RaiseState | null; // the coordinator's to decide
  left_to?: string[] | null; // whoever was chosen to have it is gone: the functions that give it to somebody else
};

/** The photo the after-photo should match. */
export function beforeOf(task: WholeTask): string | null {
  const [first] = befores(task);
  return first ? `/photos/${first.id}?size=full` : null;
}

/** D2: what was seen, what has happened, and the next step. */
export function TaskPage({ id }: { id: string }) {
  const task = useLoad<WholeTask>(`/api/tasks/${id}`, 15_000);
  const municipality = useLoad<MunicipalityState>("/api/municipality");
  return (
    <Page title={task.data?.title ?? t("room.atgarder")} wide>
      <Ready of={task}>
        {(found) => (
          <div class="split task">
            <div class="task-main">
              <Head task={found} />
              <Pair task={found} />
              <PairBox task={found.id} />
              <TaskMail task={found} departments={municipality.data?.departments ?? []} />
              <div class="low">
                <section aria-labelledby="history">
                  <h2 id="history">{t("task.history")}</h2>
                  <TimeLine events={found.history} spent={found.spent} />
                  <History events={found.history} />
                </section>
                <section aria-labelledby="behind">
                  <h2 id="behind">{t("task.behind")}</h2>
                  <Behind findings={found.findings} municipality={municipality.data} />
                </section>
              </div>
            </div>
            {found.arrows.length > 0 && (
              <p class="jump only-narrow">
                <a class="btn go tall" href="#next-step">
                  <Icon drawing={icons["arrow-down"] ?? ""} />
                  {t("arrow.title")}
                </a>
              </p>
            )}
            <aside class="task-side" aria-label={t("task.side")}>
              <Facts task={found} />
              {found.raise && <Raise it={found.raise} />}
              <Changes task={found} />
              <PublicReply text={found.public_text} />
              <SeenThere key={`${found.id} ${found.done_on}`} task={found} />
              <DeliveryBox task={found} />
              <NoteForm task={found} />
              <Links task={found} />
              <Together task={found} />
              <InPlans task={found.id} />
              <ArrowForms task={found} departments={municipality.data?.departments ?? []} />
            </aside>
          </div>
        )}
      </Ready>
    </Page>
  );
}

function Head({ task }: { task: WholeTask }) {
  return (
    <header>
      <p>
        <a class="back-link" href={backToList()}>
          <Icon drawing={icons["chevron-left"] ?? ""} />
          {t("task.all")}
        </a>
      </p>
      <h1 tabIndex={-1}>{task.title}</h1>
      <div class="spread">
        <p class="lead">
          {task.number}. {task.place}.
        </p>
        <p class="status-line">
          <TaskStatus task={task} reason />
          {task.late && (
            <span class="tag t-need">
              <Icon drawing={icons["clock-alert"] ?? ""} />
              {t("task.late")}
            </span>
          )}
        </p>
      </div>
    </header>
  );
}

function Behind({ findings, municipality }: { findings: FindingRow[]; municipality: MunicipalityState | null }) {
  const name = (code: string) => municipality?.categories.find((found) => found.code === code)?.name ?? code;
  if (findings.length === 0) return <p class="quiet">{t("task.no_findings")}</p>;
  return (
    <ul class="found">
      {findings.map((finding) => (
        <li key={finding.id}>
          <b class="num">{finding.number}</b>
          <div>
            {name(finding.category)}. {t(finding.photos.length > 0 ? "task.with_photo" : "task.without_photo")}
            {finding.text && <span class="block">”{finding.text}”</span>}
            {finding.dark_hint && <b class="block">{finding.dark_hint}</b>}
            <span class="quiet block">
              {shortMoment(finding.seen_at)}
              {finding.stop_number !== null && `, ${t("finding.stop_only", { n: finding.stop_number })}`}
            </span>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Whose it should be when nobody has it, and where a matter of authority went. */
function Standing({ task }: { task: WholeTask }) {
  const over = task.handed_over;
  return (
    <>
      {task.decision_needed && <p class="note">{t("task.decision_needed", { n: task.bounced })}</p>}
      {task.state === "new" && task.proposed && <p>{t("task.proposed", { unit: task.proposed.department_name })}</p>}
      {task.authority && !over && !isClosed(task.state) && <p class="note">{t("task.authority")}</p>}
      {over && (
        <p class="note">
          {t("task.handed_over", {
            party: over.party,
            reference: over.reference,
            date: plainDate(over.handed_on),
          })}
        </p>
      )}
    </>
  );
}

function Facts({ task }: { task: WholeTask }) {
  const day = (label: string, on: string | null) =>
    on && (
      <>
        <dt>{label}</dt>
        <dd>
          <b>{plainDate(dateIn(`${on}T12:00:00Z`))}</b>
        </dd>
      </>
    );
  return (
    <>
      {task.lat !== null && task.lon !== null && (
        <MapDrawing
          label={t("task.map", { place: task.place })}
          marks={[
            {
              id: task.id,
              number: "",
              name: task.title,
              lat: task.lat,
              lon: task.lon,
              ...(task.state === "done"
                ? { light: "half" as const }
                : task.state === "verified"
                  ? { light: "lit" as const }
                  : {}),
            },
          ]}
        />
      )}
      <Standing task={task} />
      <dl class="facts">
        {day(t("task.due"), task.due_on)}
        {day(t("task.planned"), task.planned_on)}
        {day(t("task.next_look"), task.next_look_on)}
        <dt>{t("task.who")}</dt>
        <dd>
          {whoDoes(task)}
          {task.left_to && <LeftTo functions={task.left_to} />}
        </dd>
        {task.explanation && (
          <>
            <dt>{t("task.why_here")}</dt>
            <dd>
              {task.explanation}
              {task.routed && task.routed.book > 0 && ` ${t("task.by_rule", { n: task.routed.book })}`}
            </dd>
          </>
        )}
        <dt>{t("task.priority")}</dt>
        <dd>
          {t(`priority.${task.priority}`)}
          {task.priority_reason && `. ${task.priority_reason}`}
        </dd>
        {task.stretch && (
          <>
            <dt>{t("tasks.stretch")}</dt>
            <dd>{task.stretch}</dd>
          </>
        )}
        {task.lat !== null && task.lon !== null && (
          <>
            <dt>{t("task.place")}</dt>
            <dd>
              <Way lat={task.lat} lon={task.lon} />
              <span class="quiet num block">
                {task.lat.toFixed(5)}, {task.lon.toFixed(5)}
              </span>
            </dd>
          </>
        )}
      </dl>
    </>
  );
}

/** A function's name often carries its unit's: "Handläggare, Gata och park" is said once. */
function whoDoes({ person, department_name: unit }: TaskRow): string {
  if (!person) return unit ?? t("task.nobody");
  return unit && !person.includes(unit) ? `${person}, ${unit}` : person;
}

/** Whoever had it cannot sign in for the unit any more, and would hear of nothing. */
function LeftTo({ functions }: { functions: string[] }) {
  const who = functions.join(", ");
  return <p class="note">{who ? t("task.left_to", { who }) : t("task.left")}</p>;
}

function PublicReply({ text }: { text: string }) {
  return (
    <section aria-labelledby="public-reply">
      <h2 id="public-reply">{t("task.public")}</h2>
      <p class="box reply">{text || t("task.no_public")}</p>
    </section>
  );
}
