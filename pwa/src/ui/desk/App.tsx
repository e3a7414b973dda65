import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Role } from "../../domain/wire";
import { goOn } from "../../sync/notices";
import { t } from "../parts/words";
import { Activities } from "./activities/Activities";
import { Conflicts } from "./conflicts/Conflicts";
import { ConnectionsPage } from "./connections/ConnectionsPage";
import { CorrespondencePage } from "./correspondence/CorrespondencePage";
import { listenToServer } from "./data/live";
import { asked, me, startTrouble, whoAmI } from "./data/session";
import { resume } from "./data/submit";
import { Feedback } from "./feedback/Feedback";
import { Lagesbild } from "./lagesbild/Lagesbild";
import { Mail } from "./mail/Mail";
import { desk } from "./notices/ear";
import { Notices } from "./notices/Notices";
import { Boundary } from "./parts/Boundary";
import { ROOMS } from "./parts/Menu";
import { Page } from "./parts/Page";
import { Shell } from "./parts/Shell";
import { EmptyCard, LoadingCard, StateCard, TroubleCard } from "./parts/StateCard";
import { PhonesPage } from "./phones/PhonesPage";
import { Plans } from "./plans/Plans";
import { Sums } from "./presence/Sums";
import { Agreements } from "./promises/Agreements";
import { NewAgreement } from "./promises/NewAgreement";
import { OnePromise } from "./promises/OnePromise";
import { Protocol } from "./protocol/Protocol";
import { Register } from "./register/Register";
import { Late } from "./reminders/Late";
import { Rota } from "./rota/Rota";
import { go, match, path } from "./router";
import { Rules } from "./rules/Rules";
import { SignInPage } from "./SignIn";
import { Surveys } from "./surveys/Surveys";
import { sendLeft } from "./tasks/parcel";
import { TaskList } from "./tasks/TaskList";
import { TaskPage } from "./tasks/TaskPage";
import { VanGate } from "./tasks/van/VanGate";
import { Trade } from "./trade/Trade";
import { Inbox } from "./triage/Inbox";
import { Evening } from "./walks/Evening";
import { Invitation } from "./walks/Invitation";
import { LookAgain } from "./walks/LookAgain";
import { Plan } from "./walks/Plan";
import { Release } from "./walks/Release";
import { WalkList } from "./walks/WalkList";
import { Week } from "./week/Week";

type Screen = (at: Record<string, string>) => JSX.Element;

/** First match wins; the first part of the path is the room the role must have. */
const SCREENS: [string, Screen][] = [
  ["/inkommet", () => <Inbox />],
  ["/inkommet/krockar", () => <Conflicts />],
  ["/atgarder", () => <TaskList />],
  ["/atgarder/bilen", () => <VanGate />],
  ["/atgarder/:id", ({ id }) => <TaskPage key={id} id={id ?? ""} />],
  ["/vandringar", () => <WalkList />],
  ["/vandringar/ny", () => <Plan key="new" />],
  ["/vandringar/igen", () => <LookAgain />],
  ["/vandringar/:id", ({ id }) => <Evening key={id} id={id ?? ""} />],
  ["/vandringar/:id/andra", ({ id }) => <Plan key={id} id={id ?? ""} />],
  ["/vandringar/:id/protokoll", ({ id }) => <Protocol key={id} id={id ?? ""} />],
  ["/vandringar/:id/inbjudan", ({ id }) => <Invitation key={id} id={id ?? ""} />],
  ["/vandringar/:id/visa", ({ id }) => <Release key={id} id={id ?? ""} />],
  ["/kvallar", () => <Rota />],
  ["/sent", () => <Late />],
  ["/narvaro", () => <Sums />],
  ["/veckan", () => <Week />],
  ["/lagesbild", () => <Lagesbild />],
  ["/register", () => <Register />],
  ["/kopplingar", () => <ConnectionsPage />],
  ["/telefoner", () => <PhonesPage />],
  ["/regler", () => <Rules />],
  ["/synpunkter", () => <Feedback />],
  ["/mejl", () => <Mail />],
  ["/dialog", () => <Surveys />],
  ["/brev", () => <CorrespondencePage />],
  ["/loften", () => <Agreements />],
  ["/loften/ny", () => <NewAgreement />],
  ["/aktiviteter", () => <Activities />],
  ["/gruppen", () => <Trade />],
  ["/planer", () => <Plans />],
  ["/aviseringar", () => <Notices />],
  ["/loften/:id", ({ id }) => <OnePromise key={id} id={id ?? ""} />],
];

export function App() {
  if (path.value === "/atgarder/bilen") return <VanGate />;
  if (startTrouble.value)
    return (
      <main class="page">
        <h1 class="sr">{t("app.name")}</h1>
        <TroubleCard trouble={startTrouble.value} again={() => void whoAmI()} />
      </main>
    );
  if (!asked.value)
    return (
      <main class="page">
        <LoadingCard />
      </main>
    );
  if (!me.value) return <SignInPage />;
  return <SignedIn role={me.value.user.role} />;
}

function SignedIn({ role }: { role: Role }) {
  useEffect(() => {
    resume();
    sendLeft();
  }, []);
  useEffect(() => listenToServer(), []);
  useEffect(() => void goOn(desk).catch(() => undefined), []);
  const first = ROOMS[role][0];
  useEffect(() => {
    if (role === "field_secretary") location.replace("/falt/");
    else if (path.value === "/" && first) go(`/${first}`, { replace: true });
  }, [role, path.value]);
  if (role === "field_secretary") return <LoadingCard />;
  return (
    <Shell>
      <Boundary at={path.value}>
        <Room role={role} />
      </Boundary>
    </Shell>
  );
}

function Room({ role }: { role: Role }) {
  const rooms = ROOMS[role];
  if (rooms.length === 0) return <NothingHere role={role} />;
  if (path.value === "/") return <LoadingCard />;
  const room = path.value.split("/")[1] ?? "";
  for (const [pattern, screen] of SCREENS) {
    const at = match(pattern, path.value);
    if (at) return rooms.includes(room) ? screen(at) : <Denied />;
  }
  return (
    <Page title={t("nowhere.title")}>
      <h1 class="sr" tabIndex={-1}>
        {t("nowhere.title")}
      </h1>
      <StateCard icon="circle-question-mark" title={t("nowhere.title")} text={t("nowhere.text")}>
        <a class="btn go" href="/desk/">
          {t("act.start_page")}
        </a>
      </StateCard>
    </Page>
  );
}

function Denied() {
  return (
    <Page title={t("trouble.denied.title")}>
      <h1 class="sr" tabIndex={-1}>
        {t("trouble.denied.title")}
      </h1>
      <StateCard icon="lock-keyhole" title={t("trouble.denied.title")} text={t("trouble.denied.text")}>
        <a class="btn go" href="/desk/">
          {t("act.start_page")}
        </a>
      </StateCard>
    </Page>
  );
}

function NothingHere({ role }: { role: Role }) {
  return (
    <Page title={t(`nothing.${role}.title`)}>
      <h1 class="sr" tabIndex={-1}>
        {t(`nothing.${role}.title`)}
      </h1>
      <EmptyCard title={t(`nothing.${role}.title`)} text={t(`nothing.${role}.text`)} />
    </Page>
  );
}
