import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { askForCamera } from "../../device/camera";
import { startPosition } from "../../device/position";
import { type Prepared, prepare } from "../../sync/prepare";
import { Lamp } from "../parts/Lamp";
import { say } from "../parts/Live";
import { t } from "../parts/words";
import { keep } from "./kept";
import { Go, Heading, Key, Screen } from "./Screen";
import { db, reload, walk, who } from "./store";
import { cameraOff } from "./Tonight";
import { where } from "./where";

type StepName = Prepared["step"] | "camera" | "position";
interface Step {
  state: "doing" | "done" | "no";
  text: string;
}
const ORDER: StepName[] = ["app", "walk", "checklist", "camera", "position", "storage"];
const WAITING = Object.fromEntries(ORDER.map((step) => [step, { state: "doing", text: "" }])) as Record<StepName, Step>;

/** What the walk needs, one lamp for each thing that is in place. Nothing here stops anybody from walking. */
export function Ready() {
  const steps = useSignal(WAITING);
  const help = useSignal(false);
  const put = (name: StepName, state: Step["state"], text: string) => {
    steps.value = { ...steps.value, [name]: { state, text } };
  };
  const run = async () => {
    steps.value = WAITING;
    const stored = prepare(db, ({ step, state, values }) => {
      put(step, state, state === "doing" ? t("ready.doing") : t(`ready.${step}.${state}`, values));
    }).catch(() => put("walk", "no", t("ready.walk.no")));
    await Promise.race([stored, new Promise((go) => setTimeout(go, 4_000))]);
    await reload();
    put("camera", "doing", t("ready.asking"));
    await camera(put);
    put("position", "doing", t("ready.asking"));
    keep({ askedPosition: true });
    startPosition();
    await stored;
    await reload();
    say(t("ready.title"));
  };
  useEffect(() => void run(), []);
  const { fix, trouble } = where.value;
  useEffect(() => {
    if (fix) put("position", "done", t("ready.position.done", { metres: Math.round(fix.accuracy_m) }));
    else if (trouble) put("position", "no", t(`ready.position.${trouble}`));
  }, [fix, trouble]);

  const ready = (["app", "walk", "checklist"] as const).every((step) => steps.value[step].state === "done");
  const stuck = (["app", "walk", "checklist"] as const).some((step) => steps.value[step].state === "no");
  const alias = who.value?.alias ?? "";
  return (
    <Screen
      back="/"
      foot={
        <>
          {stuck ? (
            <Key class="side" icon="refresh-cw" onClick={() => void run()}>
              {t("retry")}
            </Key>
          ) : (
            steps.value.storage.state === "no" && (
              <Key
                class="side"
                icon="square-plus"
                onClick={() => {
                  help.value = !help.value;
                }}
              >
                {t("ready.how")}
              </Key>
            )
          )}
          <Go class="main tall" to="/">
            {t("ready.go")}
          </Go>
        </>
      }
    >
      <Heading>{t(ready ? "ready.title" : stuck ? "ready.partly" : "ready.preparing")}</Heading>
      <p class="lead">
        {alias ? `${t("ready.hello", { alias })} ` : ""}
        {t(ready ? "ready.lead" : stuck ? "ready.partlylead" : "ready.wait")}
      </p>
      <ol class="steps">
        {ORDER.map((name) => (
          <li key={name} class={steps.value[name].state === "done" ? "on" : ""}>
            <Lamp state={steps.value[name].state === "done" ? "on" : "off"} />
            <div>
              <b>{t(`ready.${name}`)}</b>
              <span class="quiet">{steps.value[name].text}</span>
            </div>
          </li>
        ))}
      </ol>
      {help.value && (
        <div class="card">
          <ol class="how">
            {(isApple() ? ["ios.1", "ios.2", "ios.3"] : ["android.1", "android.2", "android.3"]).map((line) => (
              <li key={line}>{t(`ready.how.${line}`)}</li>
            ))}
          </ol>
          <p class="quiet">{t("ready.private")}</p>
        </div>
      )}
    </Screen>
  );
}

async function camera(put: (name: StepName, state: Step["state"], text: string) => void): Promise<void> {
  if (walk.value && cameraOff(walk.value)) {
    put("camera", "no", t("ready.camera.off"));
    return;
  }
  const answer = await askForCamera();
  put("camera", answer === "ok" ? "done" : "no", t(`ready.camera.${answer}`));
}

function isApple(): boolean {
  return /iPhone|iPad|Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1;
}
