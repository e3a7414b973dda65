import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Prepared, prepare } from "../../sync/prepare";
import { Icon } from "../parts/Icon";
import { t } from "../parts/words";
import { begin } from "./entry";
import { drawing } from "./icons";
import { Go, Heading, Note, Screen } from "./Screen";
import { db, load, town } from "./store";

const STEPS = ["app", "checklist", "storage"] as const;

/** What the phone needs for the evening, and whether it is there. */
export function Ready() {
  const steps = useSignal<Partial<Record<Prepared["step"], Prepared["state"]>>>({});
  useEffect(() => {
    const tell = ({ step, state }: Prepared) => {
      steps.value = { ...steps.value, [step]: state };
    };
    void prepare(db, tell)
      .then(load)
      .then(begin)
      .catch(() => undefined);
  }, []);
  const ready = steps.value.app === "done" && town.value !== null;
  return (
    <Screen
      foot={
        <Go class="main" to="/falt/">
          {t("ready.go")}
        </Go>
      }
    >
      <Heading>{t(ready ? "ready.title" : "ready.preparing")}</Heading>
      <ul class="rows" aria-live="polite">
        {STEPS.map((step) => (
          <li key={step} class="step">
            <Icon drawing={drawing(look(steps.value[step]))} />
            <span>{t(`ready.${step}.${steps.value[step] ?? "doing"}`)}</span>
          </li>
        ))}
      </ul>
      <Note icon="key-round">{t("ready.days")}</Note>
      <Note icon="users">{t("ready.shared")}</Note>
    </Screen>
  );
}

function look(state: Prepared["state"] | undefined): string {
  return state === "done" ? "check" : state === "no" ? "hand" : "clock";
}
