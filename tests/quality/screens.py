"""Every screen there is, as data. A screen the router knows and this list does not is found by `test_axe`."""

import re
from dataclasses import dataclass
from pathlib import Path

from trygghetsvandring.web import folj_frame, open_data_words

UI = Path(__file__).parents[2] / "pwa" / "src" / "ui"


@dataclass(frozen=True, slots=True)
class Screen:
    """`who` is the person whose browser opens it; `{…}` in the path is filled in from what that person has."""

    name: str
    who: str
    path: str
    route: str  # as the surface's router writes it
    main_action: bool = True  # False: the choice itself is the main action, or there is nothing to do but read
    swedish: bool = True  # how hard it is to read is measured of Swedish alone

    @property
    def surface(self) -> str:
        return (
            "public"
            if self.path.startswith(("/folj", "/oppna-data", "/enkat"))
            else "desk"
            if self.path.startswith("/desk")
            else "falt"
            if self.path.startswith("/falt")
            else "field"
        )


FIELD = (
    Screen("start", "new phone", "/", ""),
    Screen("join", "new phone", "{link}", "ga-med"),
    Screen("tablet", "new phone", "{tablet}", "platta", main_action=False),
    Screen("privacy", "new phone", "/uppgifter", "uppgifter", main_action=False),
    Screen("tonight", "walker", "/", ""),
    Screen("ready", "walker", "/redo", "redo"),
    Screen("viewfinder", "walker", "/kamera?stopp={stop}", "kamera", main_action=False),
    Screen("without camera", "walker without camera", "/kamera", "kamera"),
    Screen("without photo", "walker", "/notera?stopp={stop}", "notera", main_action=False),
    Screen("what", "walker", "/fynd/{finding}", "fynd/", main_action=False),
    Screen("more", "walker", "/fynd/{finding}/mer", "fynd/mer"),
    Screen("place", "walker", "/fynd/{finding}/plats", "fynd/plats"),
    Screen("danger", "walker", "/fynd/{finding}/fara", "fynd/fara"),
    Screen("mask", "walker", "/foto/{photo}", "foto"),
    Screen("feeling", "walker", "/kansla/{stop}", "kansla", main_action=False),
    Screen("checklist", "walker", "/checklista/{stop}", "checklista", main_action=False),
    Screen("revisits", "walker", "/aterbesok/{stop}", "aterbesok"),
    Screen("route", "walker", "/karta", "karta", main_action=False),
    Screen("outbox", "walker", "/att-skicka", "att-skicka"),
    Screen("phone", "walker", "/telefonen", "telefonen"),
    Screen("hand in", "walker", "/lamna-in", "lamna-in"),
    Screen("replies", "walker", "/svar", "svar", main_action=False),
    Screen("the group's card", "walker", "/kortet", "kortet", main_action=False),
    Screen("code", "walker", "/kod", "kod"),
    Screen("nowhere", "walker", "/finns-inte", "default"),
    Screen("outbox after hand-in", "walker who handed in", "/att-skicka", "att-skicka", main_action=False),
    Screen("sent", "walker who handed in", "/inlamnat/{sent}", "inlamnat", main_action=False),
    Screen("replies after hand-in", "walker who handed in", "/svar", "svar", main_action=False),
)

FALT = (
    Screen("falt sign in", "nobody", "/falt/", "logga-in"),
    Screen("falt entry", "field secretary", "/falt/", ""),
    Screen("falt ready", "field secretary", "/falt/redo", "redo"),
    Screen("falt place", "field secretary", "/falt/plats", "plats", main_action=False),
    Screen("falt evening", "field secretary", "/falt/kvallen", "kvallen"),
    Screen("falt seen", "field secretary", "/falt/lagat", "lagat"),
    Screen("falt phone", "field secretary", "/falt/telefonen", "telefonen"),
    Screen("falt correct", "field secretary", "/falt/ratta/{entry}", "ratta"),
    Screen("falt nowhere", "field secretary", "/falt/finns-inte", "default"),
)

DESK = (
    Screen("desk sign in", "anybody", "/desk/", "signin"),
    Screen("inbox", "coordinator", "/desk/inkommet", "/inkommet"),
    Screen("conflicts", "coordinator", "/desk/inkommet/krockar", "/inkommet/krockar", main_action=False),
    Screen("tasks", "coordinator", "/desk/atgarder", "/atgarder"),
    Screen("task", "handler", "/desk/atgarder/{task}", "/atgarder/:id"),
    Screen("van", "handler", "/desk/atgarder/bilen", "/atgarder/bilen", main_action=False),
    Screen("walks", "coordinator", "/desk/vandringar", "/vandringar"),
    Screen("new walk", "coordinator", "/desk/vandringar/ny", "/vandringar/ny"),
    Screen("look again", "coordinator", "/desk/vandringar/igen", "/vandringar/igen"),
    Screen("walk", "coordinator", "/desk/vandringar/{walk}", "/vandringar/:id"),
    Screen("change walk", "coordinator", "/desk/vandringar/{walk}/andra", "/vandringar/:id/andra"),
    Screen("protocol", "coordinator", "/desk/vandringar/{walk}/protokoll", "/vandringar/:id/protokoll"),
    Screen("invitation", "coordinator", "/desk/vandringar/{walk}/inbjudan", "/vandringar/:id/inbjudan"),
    Screen("release", "coordinator", "/desk/vandringar/{walk}/visa", "/vandringar/:id/visa"),
    Screen("late", "coordinator", "/desk/sent", "/sent", main_action=False),
    Screen("presence sums", "coordinator", "/desk/narvaro", "/narvaro"),
    Screen("rota", "coordinator", "/desk/kvallar", "/kvallar", main_action=False),
    Screen("est week", "coordinator", "/desk/veckan", "/veckan"),
    Screen("connections", "coordinator", "/desk/kopplingar", "/kopplingar", main_action=False),
    Screen("phones", "coordinator", "/desk/telefoner", "/telefoner", main_action=False),
    Screen("notices", "handler", "/desk/aviseringar", "/aviseringar", main_action=False),
    Screen("correspondence", "coordinator", "/desk/brev", "/brev", main_action=False),
    Screen("dialog", "coordinator", "/desk/dialog", "/dialog", main_action=False),
    Screen("feedback", "coordinator", "/desk/synpunkter", "/synpunkter", main_action=False),
    Screen("incoming mail", "coordinator", "/desk/mejl", "/mejl", main_action=False),
    Screen("rules", "coordinator", "/desk/regler", "/regler"),
    Screen("promises", "coordinator", "/desk/loften", "/loften"),
    Screen("new agreement", "coordinator", "/desk/loften/ny", "/loften/ny"),
    Screen("promise", "coordinator", "/desk/loften/{promise}", "/loften/:id"),
    Screen("lagesbild", "coordinator", "/desk/lagesbild", "/lagesbild"),
    Screen("activities", "coordinator", "/desk/aktiviteter", "/aktiviteter", main_action=False),
    Screen("safety group", "coordinator", "/desk/gruppen", "/gruppen", main_action=False),
    Screen("plans", "coordinator", "/desk/planer", "/planer", main_action=False),
    Screen("register", "registrator", "/desk/register", "/register", main_action=False),
    Screen("desk nowhere", "coordinator", "/desk/finns-inte", "nowhere"),
)

# Server-rendered, for everybody: in the colours of day or night that the browser asks for.
PUBLIC = (
    Screen("follow", "resident", "/folj", "/folj", main_action=False),
    Screen("follow in Arabic", "resident", "/folj?sprak=ar", "/folj", main_action=False, swedish=False),
    Screen("public findings", "resident", "/folj/lidkoping/fynd?q=lampa", "/folj", main_action=False),
    Screen("support", "resident", "/folj/lidkoping/mer", "/folj", main_action=False),
    Screen("accessibility", "resident", "/folj/lidkoping/tillganglighet", "/folj", main_action=False),
    Screen("public lagesbild", "resident", "/folj/lidkoping/lagesbild", "/folj", main_action=False),
    Screen("feedback form", "resident", "/folj/lidkoping/synpunkt", "/folj"),
    Screen("survey form", "resident", "/enkat/{survey}", "/folj"),
    Screen("public dialog", "resident", "/folj/lidkoping/dialog", "/folj", main_action=False),
    Screen("mail form", "resident", "/folj/lidkoping/mejl", "/folj"),
    Screen("open data", "resident", "/oppna-data/lidkoping", "/oppna-data", main_action=False),
)

SCREENS = FIELD + FALT + DESK + PUBLIC


def routes_in_source() -> dict[str, set[str]]:
    """What each surface's router answers to, read from its source."""
    field = (UI / "field" / "App.tsx").read_text()
    at, _, finding = field.partition("function Finding")
    falt = (UI / "falt" / "App.tsx").read_text()
    desk = (UI / "desk" / "App.tsx").read_text()
    cases = re.compile(r'case "([^"]*)":')
    return {
        "field": ({*cases.findall(at), *re.findall(r'first === "([^"]+)"', at), "default"} - {"fynd"})
        | {f"fynd/{part}" for part in cases.findall(finding.partition("\n}\n")[0])},
        "public": {folj_frame.PAGE, open_data_words.DATA},
        "falt": {*cases.findall(falt), "default"},
        "desk": {*re.findall(r'^\s*\["(/[^"]*)",', desk, re.MULTILINE), "signin", "nowhere"},
    }
