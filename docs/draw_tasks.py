"""Draws `docs/tasks.md` from the machines themselves: `python docs/draw_tasks.py`; a test holds it up to date."""
# ruff: noqa: INP001

import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from trygghetsvandring.domain.observations import ONLY_A_WISH, PASSAGES  # noqa: E402
from trygghetsvandring.domain.replies import WORD_OF_STATE, ReplyWord  # noqa: E402
from trygghetsvandring.domain.task_links import TAKEN_BACK_FROM  # noqa: E402
from trygghetsvandring.domain.tasks import ARROWS, CLOSED, STANDING_STILL, TaskState, Who  # noqa: E402

WHO = {
    Who.TRIAGE: "coordinator",
    Who.DEPARTMENT: "the unit that has it",
    Who.HEAD: "that unit's head",
    Who.WITNESS: "anyone outside the unit that closed it",
}

HEAD = """# Findings and tasks: two machines

Drawn by `docs/draw_tasks.py` from `trygghetsvandring/domain/observations.py` and `trygghetsvandring/domain/tasks.py`;
change those, run it, and commit both. A finding is evidence; a task is work. What a finding came to is never stored
with it: it is worked out from its tasks.

"""

FINDING_NOTES = """
- `task.link` is done by `task.create` and `task.link`; a finding may have several tasks, and stays linked while one
  has it.
- `observation.release` goes back to where its links hold it: linked while a task has it, merged while it is merged,
  otherwise to be judged again.
- `observation.correct` is a version by the phone that handed it in, in every state but withdrawn. What a coordinator
  has sorted stays sorted; the walker's own word is kept beside it.
- `observation.review` of what was dismissed asks for a note: an answer is taken back, and the note says why.
- `observation.withdraw` when it is {wish}: work may be ordered or a hold decided, so nothing moves;
  the wish and its reason are kept for the coordinator. The versions of a withdrawn finding stay.
- `task.split`, `task.merge` and `task.unmerge` move a finding from one task to another: it stands where it stood.
  `task.retract` unlinks all findings of a task, and they are judged again.
- `observation.moderate` moves nothing: it writes the words that all but triage read, of what it is and of where it is
  (nothing said: the registered place's name), in the finding and in its open tasks, whose history says that the place
  is new. What `task.change` has put there stands. The walker's own stay in the versions.
  `observation.keep_apart` remembers that two are not the same, so that nobody is asked again.
- A social finding is merged with social findings only (`cannot_merge`): it never comes to a department with another.
- A category from a newer phone is kept as it was written and counts as an experience (kind U) until somebody sorts it.
- Kinds S, U and P never become tasks (`social_is_not_a_task`, `kind_is_not_a_task`).
- Two reasons for no action say enough by themselves (something good, and the lägesbild); all others need a public text.
"""

TASK_NOTES = """
- "evidence" is a public text or an after-photo. Every public text passes the guard (`public_text_not_safe`).
- *Done* is what the owner says, *verified* what somebody else has seen: not the one who closed it, nor anybody in that
  unit (`closer_cannot_verify`), and not from a visit before the work (`seen_before_done`).
- A walker verifies by `task.confirm`: "Ja, bra" from after the work takes the arrow to verified. "Nej" moves nothing,
  nor does "Delvis" of what is said to be whole: they propose to open the task again (`reopen_proposed`). It comes first
  in the list and has a clock, until a coordinator opens it again, or upholds it with a public answer (`task.uphold`,
  else `nothing_doubted`), or somebody sees it mended later. An answer that comes late, or to a task that stands
  elsewhere, is kept and moves nothing.
- Parties that do not sign in (utilities, the transit authority, the state, private owners, the coordination itself):
  the coordinator enters for them, and the history says "för Västtrafik". Who entered the closing does not verify it.
  Their no (`task.refuse`) carries the function that said it and the day. An organisation says by `has_accounts` when it
  differs from what its kind usually does.
- `task.replan` is the one arrow from a state to itself: another day for what is planned, with a reason that all read.
  The history says which day it was, and whoever follows it is told.
- `task.change` puts title, place, priority or promise right, by the coordinator and with a reason; the history says
  what stood there before. `task.hand_on` gives it to another within the unit. What is over is changed by neither.
- `task.note`, `task.link` and `task.unlink` change no state. A closed task takes no new finding (`task_is_closed`),
  and the last finding stays (`needs_a_finding`).
- `task.merge` is no arrow and no state: the task stands where it stood, closed, and points at the one that goes on.
  Its findings, those who follow them, its reopenings and bounces move along; `task.unmerge` puts them back, but for
  what has left since. Nothing else is done to it (`task_is_gone`); a walker's answer to it is an answer to the other.
- `task.split` gives some of its findings a task of their own; at least one stays.
- `task.retract` takes a task back that is {back}, before anybody has accepted it, with a reason.
- A task is late the day after its due day; while it stands still ({still}), the day after its next look.
- Declining counts a bounce, opening again counts a reopening; both stay in the history with their reasons.
"""

REPLY_NOTES = """
With several tasks the walker is told the word of the worst one, in this order:
{order}.
So an answer is never better than the worst open task, and "verified" means that all are. What was opened again says
*reopened* until its owner takes it. What its owner says is done in part is *partly*, and *partly_verified* when it is
seen; neither is ever told to them as done. A finding held back for somebody's privacy says only that it was received.
"""


def draw() -> str:
    return HEAD + _findings() + _tasks() + _replies()


def _findings() -> str:
    rows = [(p.operation, p.start, p.end) for p in PASSAGES]
    table = [f"| {start or '–'} | {end} | `{operation}` |" for operation, start, end in rows]
    wish = ", ".join(sorted(ONLY_A_WISH))
    return (
        "\n".join(["## A finding", "", *_mermaid(rows), "", "| From | To | Operation |", "|---|---|---|", *table])
        + "\n"
        + FINDING_NOTES.replace("{wish}", wish)
    )


def _tasks() -> str:
    rows = [(a.operation, a.start, a.end) for a in ARROWS]
    table = [
        f"| {a.start or '–'} | {a.end} | `{a.operation}` | {WHO[a.who]} | {', '.join(a.requires) or '–'} |"
        for a in ARROWS
    ]
    states = (
        f"{len(TaskState)} states, {len(ARROWS) - 1} arrows and one beginning. Closed: {', '.join(sorted(CLOSED))}."
    )
    head = ["", "## A task", "", states, "", *_mermaid(rows), "", "| From | To | Operation | Who | Required |"]
    return (
        "\n".join([*head, "|---|---|---|---|---|", *table])
        + "\n"
        + TASK_NOTES.replace("{still}", ", ".join(sorted(STANDING_STILL))).replace(
            "{back}", " or ".join(sorted(TAKEN_BACK_FROM))
        )
    )


def _replies() -> str:
    table = [f"| {state} | {WORD_OF_STATE[state]} |" for state in TaskState]
    order = ", ".join(word for word in ReplyWord if word not in {ReplyWord.NO_ACTION, ReplyWord.LAGESBILD})
    head = ["", "## What the walkers are told", "", "| Task | Word |", "|---|---|"]
    return "\n".join([*head, *table]) + "\n" + REPLY_NOTES.replace("{order}", order)


def _mermaid(rows: Iterable[tuple[str, object, object]]) -> list[str]:
    lines = [f"    {start or '[*]'} --> {end}: {operation.split('.')[1]}" for operation, start, end in rows]
    return ["```mermaid", "stateDiagram-v2", *lines, "```"]


if __name__ == "__main__":
    (HERE / "tasks.md").write_text(draw(), encoding="utf-8")
