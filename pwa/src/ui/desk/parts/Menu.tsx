import { icons } from "virtual:icons?chevron-down";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Role } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { href, path } from "../router";

/** What each role may open, in the order of the menu. */
export const ROOMS: Record<Role, readonly string[]> = {
  coordinator: [
    "inkommet",
    "atgarder",
    "vandringar",
    "sent",
    "narvaro",
    "veckan",
    "kvallar",
    "lagesbild",
    "loften",
    "planer",
    "aktiviteter",
    "gruppen",
    "dialog",
    "synpunkter",
    "mejl",
    "telefoner",
    "regler",
    "brev",
    "kopplingar",
    "aviseringar",
  ],
  handler: ["atgarder", "sent", "planer", "mejl", "aviseringar"],
  department_head: ["atgarder", "sent", "planer", "mejl", "aviseringar"],
  field_secretary: [],
  shop: ["gruppen"],
  police: ["planer", "gruppen"],
  registrator: ["register", "synpunkter", "dialog"],
  records_officer: ["register", "synpunkter", "dialog"],
};

const IN_THE_BAR = 6; // what fits beside the name at 1024 px; the days' work comes first
const SETTINGS = ["telefoner", "regler", "brev", "kopplingar", "aviseringar"];

export function Menu({ role }: { role: Role }) {
  const rooms = ROOMS[role];
  const [first, rest] = [rooms.slice(0, IN_THE_BAR), rooms.slice(IN_THE_BAR)];
  return (
    <nav aria-label={t("bar.menu")}>
      {first.map((room) => (
        <RoomLink key={room} room={room} />
      ))}
      {rest.length > 0 && <More rooms={rest} />}
    </nav>
  );
}

function RoomLink({ room }: { room: string }) {
  return (
    <a href={href(`/${room}`)} {...(isHere(room) ? { "aria-current": "page" as const } : {})}>
      {t(`room.${room}`)}
    </a>
  );
}

function isHere(room: string): boolean {
  return path.value === `/${room}` || path.value.startsWith(`/${room}/`);
}

/** The rest, one press away. It says which of them is open. */
function More({ rooms }: { rooms: readonly string[] }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const here = rooms.find(isHere);
  const groups = [
    { id: "together", rooms: rooms.filter((room) => !SETTINGS.includes(room)) },
    { id: "settings", rooms: rooms.filter((room) => SETTINGS.includes(room)) },
  ];
  useEffect(() => path.subscribe(() => setOpen(false)), []); // each new page closes it
  useEffect(() => {
    if (!open) return;
    const leave = (event: Event) => !box.current?.contains(event.target as Node) && setOpen(false);
    const key = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener("pointerdown", leave);
    document.addEventListener("focusin", leave);
    document.addEventListener("keydown", key);
    return () => {
      document.removeEventListener("keydown", key);
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("focusin", leave);
    };
  }, [open]);
  return (
    <div class="more-rooms" ref={box}>
      <button
        type="button"
        ref={button}
        class={here ? "here" : ""}
        aria-expanded={open}
        aria-controls="more-rooms"
        onClick={() => setOpen(!open)}
      >
        {here ? t("bar.more_here", { room: t(`room.${here}`) }) : t("bar.more")}
        <Icon drawing={icons["chevron-down"] ?? ""} />
      </button>
      <div id="more-rooms" hidden={!open}>
        {groups
          .filter((group) => group.rooms.length > 0)
          .map((group) => (
            <section key={group.id} aria-labelledby={`more-${group.id}`}>
              <h2 id={`more-${group.id}`}>{t(group.id === "settings" ? "bar.settings" : "bar.together")}</h2>
              <ul>
                {group.rooms.map((room) => (
                  <li key={room}>
                    <RoomLink room={room} />
                  </li>
                ))}
              </ul>
            </section>
          ))}
      </div>
    </div>
  );
}
