import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { StateCard } from "../parts/StateCard";
import { t } from "../parts/words";
import { drawing } from "./icons";
import { Heading, Key, Screen } from "./Screen";

type Joining = typeof import("./join");
type Rest = typeof import("./later");
type Tablet = typeof import("./tablet");

const joining = signal<Joining | null>(null);
const rest = signal<Rest | null>(null);
const tablet = signal<Tablet | null>(null);
const missing = signal(false);

function fetched<T>(into: { value: T | null }, file: Promise<T>): Promise<void> {
  missing.value = false;
  return file.then(
    (screens) => {
      into.value = screens;
    },
    () => {
      missing.value = true;
    },
  );
}

/** Fetched once, right after the first paint; offline it comes from the precache. */
export function fetchLater(): Promise<void> {
  return fetched(rest, import("./later"));
}

/** Only a phone that has no walk yet needs these. */
export function fetchJoining(): Promise<void> {
  return fetched(joining, import("./join"));
}

/** Only a tablet on the square needs it. */
function fetchTablet(): Promise<void> {
  return fetched(tablet, import("./tablet"));
}

type Shown = (props: { id: string }) => preact.JSX.Element | null;

/** The way from the link to "Redo utan nät". */
export function Joining({ name }: { name: keyof Joining }) {
  return <Fetched screen={joining.value?.[name]} fetch={fetchJoining} id="" />;
}

/** A survey on a tablet that many people answer on, one after the other. */
export function Tablet({ at }: { at: string }) {
  return <Fetched screen={tablet.value?.OnTablet} fetch={fetchTablet} id={at} />;
}

/** One of the later screens. */
export function Later({ name, id }: { name: keyof Rest; id?: string }) {
  return <Fetched screen={rest.value?.[name] as Shown | undefined} fetch={fetchLater} id={id ?? ""} />;
}

interface Props {
  screen: Shown | undefined;
  fetch: () => Promise<void>;
  id: string;
}

/** In the moment before it is here, the page is empty; when it cannot be had, the frame with 112 stands. */
function Fetched({ screen: Here, fetch, id }: Props) {
  useEffect(() => {
    if (!Here) void fetch();
  }, []);
  if (Here) return <Here id={id} />;
  if (!missing.value) return <div class="app" />;
  return (
    <Screen back="/">
      <Heading>{t("later.title")}</Heading>
      <StateCard
        drawing={drawing("wifi-off")}
        title={t("offline.title")}
        step={
          <Key class="main" icon="refresh-cw" onClick={() => void fetch()}>
            {t("retry")}
          </Key>
        }
      >
        <p>{t("later.help")}</p>
      </StateCard>
    </Screen>
  );
}
