import { icons } from "virtual:icons?smartphone,arrow-up,hand,refresh-cw,chevron-left,badge-check";
import { useEffect, useState } from "preact/hooks";

import { acts, beforePhoto, dropAct, theList, type VanAct, type VanList } from "../../../../storage/van";
import { Icon } from "../../../parts/Icon";
import { t } from "../../../parts/words";
import { asTrouble, type TroubleKind } from "../../data/api";
import { me, whoAmI } from "../../data/session";
import { Refusal } from "../../data/submit";
import { refusalText } from "../../data/troubleWords";
import { Lamp } from "../../parts/Lamp";
import { Page } from "../../parts/Page";
import { LoadingCard, StateCard } from "../../parts/StateCard";
import { Way } from "../../parts/Way";
import { dateIn, plainDate, shortMoment } from "../../time/stockholm";
import type { Arrow } from "../arrows";
import { backToList } from "../TaskList";
import { LAMPS } from "../TaskStatus";
import { MOST, takeAlong } from "./fetching";
import { byStreet, over, type Seen, STEPS } from "./over";
import { changed, keepSending, sendAll, standing } from "./sending";
import { VanStep } from "./VanStep";

/** The unit's list in the van: read, worked through and photographed without a network. */
export function Van() {
  const [list, setList] = useState<VanList | null | undefined>(undefined);
  const [done, setDone] = useState<VanAct[]>([]);
  const [open, setOpen] = useState<string | null>(null);
  const [fetching, setFetching] = useState<"no" | "yes" | TroubleKind>("no");
  const turn = changed.value;

  async function fetchList() {
    setFetching("yes");
    try {
      await takeAlong();
      setFetching("no");
    } catch (error) {
      setFetching(asTrouble(error).kind);
    }
    changed.value++;
  }
  useEffect(() => {
    void theList().then((found) => setList(found?.me.user.id === me.value?.user.id ? found : null));
    void acts().then((all) => setDone(all.filter((act) => act.user === me.value?.user.id)));
  }, [turn]);
  useEffect(() => {
    void ready();
    void whoAmI().then(fetchList);
    return keepSending();
  }, []);

  const seen = over(list?.tasks ?? [], done);
  const task = seen.find((one) => one.id === open);
  const orphans = done.filter((act) => act.refused && !seen.some((one) => one.id === act.task));
  return (
    <Page title={t("van.title")}>
      <div class="van">
        <p>
          <a class="back-link" href={backToList()} target="_self">
            <Icon drawing={icons["chevron-left"] ?? ""} />
            {t("task.all")}
          </a>
        </p>
        <h1 tabIndex={-1}>{t("van.title")}</h1>
        <Unsent waiting={done.filter((act) => !act.refused).length} />
        {orphans.map((act) => (
          <Refused key={act.id} act={act} />
        ))}
        {list === undefined && <LoadingCard />}
        {list === null && fetching === "yes" && <LoadingCard />}
        {list === null && fetching !== "yes" && (
          <StateCard icon="truck" title={t("van.empty.title")} text={t("van.empty.text")}>
            <button type="button" class="btn go" onClick={() => void fetchList()}>
              {t("act.again")}
            </button>
          </StateCard>
        )}
        {list && !task && (
          <>
            <p class="spread">
              <span class="quiet">
                {t("van.fetched", { n: list.tasks.length, when: shortMoment(new Date(list.fetched_at).toISOString()) })}
              </span>
              <button type="button" class="btn" disabled={fetching === "yes"} onClick={() => void fetchList()}>
                <Icon drawing={icons["refresh-cw"] ?? ""} />
                {t(fetching === "yes" ? "van.fetching" : "van.fetch")}
              </button>
            </p>
            {list.tasks.length >= MOST && <p class="quiet">{t("van.most", { n: MOST })}</p>}
            <Streets tasks={seen} onOpen={setOpen} />
          </>
        )}
        {task && <One key={task.id} task={task} onClose={() => setOpen(null)} />}
      </div>
    </Page>
  );
}

/** Installs what opens this page without a network, and lets a new version in when nothing is open or unsent here. */
async function ready(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const worker = await navigator.serviceWorker
    .register("/desk/bilen.js", { scope: "/desk/atgarder/bilen" })
    .catch(() => null);
  if (worker?.waiting && (await acts()).length === 0) worker.waiting.postMessage({ type: "SKIP_WAITING" });
  await navigator.storage?.persist?.().catch(() => false);
}

/** What is done here and not yet there, in words that promise nothing more. */
function Unsent({ waiting }: { waiting: number }) {
  const now = standing.value;
  const kept = now === "signed_out" ? "van.signed_out" : "van.kept";
  return (
    <div role="status" aria-live="polite" class="van-state">
      {waiting === 0 ? (
        <p class="tag t-calm">
          <Icon drawing={icons["badge-check"] ?? ""} />
          {t("van.all_sent")}
        </p>
      ) : (
        <p class="tag t-move">
          <Icon drawing={icons[now === "sending" ? "arrow-up" : "smartphone"] ?? ""} />
          {now === "sending" ? t("van.sending", { n: waiting }) : t(kept, { n: waiting })}
        </p>
      )}
      {waiting > 0 && now !== "sending" && (
        <button type="button" class="btn" onClick={() => void whoAmI().then(sendAll)}>
          {t("act.try_now")}
        </button>
      )}
    </div>
  );
}

function Refused({ act }: { act: VanAct }) {
  if (!act.refused) return null;
  return (
    <div class="stale" role="alert">
      <Icon drawing={icons.hand ?? ""} />
      <span>
        {act.title}: {refusalText(new Refusal(act.refused.code, act.refused.facts))}
      </span>
      <button
        type="button"
        class="btn"
        onClick={() =>
          void dropAct(act.id).then(() => {
            changed.value++;
          })
        }
      >
        {t("van.understood")}
      </button>
    </div>
  );
}

function Streets({ tasks, onOpen }: { tasks: Seen[]; onOpen: (id: string) => void }) {
  return (
    <>
      {byStreet(tasks).map(({ place, tasks: there }) => (
        <section key={place} class="group">
          <h2>{place || t("van.no_place")}</h2>
          <ul class="cards">
            {there.map((task) => (
              <li key={task.id}>
                <button type="button" class="van-row" onClick={() => onOpen(task.id)}>
                  <Thumb id={task.before} alt="" />
                  <span class="van-words">
                    <b>{task.title}</b>
                    <span class="quiet">
                      {task.number}. {t(`priority.${task.priority}`)}
                      {task.due_on &&
                        `. ${t("tasks.date.due", { date: plainDate(dateIn(`${task.due_on}T12:00:00Z`)) })}`}
                    </span>
                    <Standing task={task} />
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Standing({ task }: { task: Seen }) {
  return (
    <>
      <span class="tag t-quiet">
        <Lamp name={LAMPS[task.state]} />
        {t(`task.word.${task.state}`)}
      </span>
      {task.unsent > 0 && (
        <span class="tag t-move">
          <Icon drawing={icons.smartphone ?? ""} />
          {t("van.on_phone")}
        </span>
      )}
      {task.refused && (
        <span class="tag t-need">
          <Icon drawing={icons.hand ?? ""} />
          {t("van.needs_you")}
        </span>
      )}
    </>
  );
}

function One({ task, onClose }: { task: Seen; onClose: () => void }) {
  const [arrow, setArrow] = useState<Arrow | null>(null);
  const [chosen, setChosen] = useState(task.before);
  const before = useBefore(chosen);
  const photos = task.photos ?? [];
  const steps = STEPS[task.state] ?? [];
  return (
    <section class="stack" aria-labelledby="van-one">
      <p>
        <button type="button" class="btn" onClick={onClose}>
          <Icon drawing={icons["chevron-left"] ?? ""} />
          {t("van.back")}
        </button>
      </p>
      <h2 id="van-one">{task.title}</h2>
      <p>{[task.number, task.place, task.seen.join(", ")].filter(Boolean).join(". ")}.</p>
      <p class="status-line">
        <Standing task={task} />
      </p>
      {task.refused && <Refused act={task.refused} />}
      {before && <img class="photo" src={before} alt={t("task.before_alt", { place: task.place })} />}
      {photos.length > 1 && (
        <ul class="shots" aria-label={t("task.all_photos", { n: photos.length })}>
          {photos.map((id, n) => (
            <li key={id}>
              <button type="button" class="shot" aria-pressed={id === chosen} onClick={() => setChosen(id)}>
                <Thumb id={id} alt={t("task.photo_n", { n: n + 1, of: photos.length })} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {task.lat !== null && task.lon !== null && <Way lat={task.lat} lon={task.lon} />}
      <div class="arrow-buttons">
        {steps.map((one, i) => (
          <button
            key={one}
            type="button"
            class={`btn${i === 0 ? " go" : ""}`}
            aria-expanded={one === arrow}
            onClick={() => setArrow(one === arrow ? null : one)}
          >
            {t(`arrow.${one}`)}
          </button>
        ))}
      </div>
      {arrow && steps.includes(arrow) && (
        <VanStep task={task} arrow={arrow} before={before} onDone={() => setArrow(null)} />
      )}
    </section>
  );
}

function Thumb({ id, alt }: { id: string | null; alt: string }) {
  const src = useBefore(id);
  return src ? <img class="thumb" src={src} alt={alt} loading="lazy" /> : <span class="thumb none" />;
}

/** The kept photo as an address that ends with the screen. */
function useBefore(id: string | null): string | null {
  const [src, setSrc] = useState<string | null>(null);
  useEffect(() => {
    if (!id) return;
    let url = "";
    let gone = false;
    void beforePhoto(id).then((bytes) => {
      if (!bytes || gone) return;
      url = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
      setSrc(url);
    });
    return () => {
      gone = true;
      if (url) URL.revokeObjectURL(url);
    };
  }, [id]);
  return src;
}
