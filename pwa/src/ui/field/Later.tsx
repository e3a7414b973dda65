import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { StateCard } from "../parts/StateCard";
import { t } from "../parts/words";
import { drawing } from "./icons";
import { Heading, Key, Screen } from "./Screen";

type Screens = typeof import("./later");

const screens = signal<Screens | null>(null);
const missing = signal(false);

/** Fetched once, right after the first paint; offline it comes from the precache. */
export function fetchLater(): Promise<void> {
  missing.value = false;
  return import("./later").then(
    (fetched) => {
      screens.value = fetched;
    },
    () => {
      missing.value = true;
    },
  );
}

/** One of the later screens. In the moment before it is here, the frame with 112 stands already. */
export function Later({ name, id }: { name: keyof Screens; id?: string }) {
  useEffect(() => {
    if (!screens.value) void fetchLater();
  }, []);
  const Here = screens.value?.[name] as ((props: { id: string }) => preact.JSX.Element | null) | undefined;
  if (Here) return <Here id={id ?? ""} />;
  if (!missing.value) return <div class="app" />;
  return (
    <Screen back="/">
      <Heading>{t("later.title")}</Heading>
      <StateCard
        drawing={drawing("wifi-off")}
        title={t("offline.title")}
        step={
          <Key class="main" icon="refresh-cw" onClick={() => void fetchLater()}>
            {t("retry")}
          </Key>
        }
      >
        <p>{t("later.help")}</p>
      </StateCard>
    </Screen>
  );
}
