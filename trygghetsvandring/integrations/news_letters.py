"""The words of a letter about one task or many: what has happened, each under its own heading."""

from collections.abc import Sequence

from trygghetsvandring.integrations.handover_letters import Helped, helped_happened, helped_subject, helped_text
from trygghetsvandring.integrations.letters import Told, happened, told_subject, told_text

Item = Told | Helped


def news_subject(municipality: str, items: Sequence[Item]) -> str:
    if len(items) == 1:
        return _alone(items[0])[0]
    headings = {_heading(item) for item in items}
    what = headings.pop()[0] if len(headings) == 1 else "Nytt"
    return f"{municipality}: {what}, {len(items)} åtgärder"


def news_text(municipality: str, items: Sequence[Item]) -> str:
    """What is to be done stands under its heading once; what comes first in the letter came first."""
    if len(items) == 1:
        return _alone(items[0])[1]
    groups: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        groups.setdefault(_heading(item), []).append(item)
    lines = [f"Det här är nytt om {len(items)} åtgärder.", ""]
    for (word, next_step), together in groups.items():
        lines += [word.upper() + (f" ({len(together)})" if len(together) > 1 else ""), next_step, ""]
        for item in together:
            lines += [*_item(item), ""]
    return "\n".join([*lines, f"Trygghetsvandring i {municipality}"]) + "\n"


def _alone(item: Item) -> tuple[str, str]:
    if isinstance(item, Told):
        return told_subject(item), told_text(item)
    return helped_subject(item), helped_text(item)


def _heading(item: Item) -> tuple[str, str]:
    return happened(item) if isinstance(item, Told) else helped_happened(item)


def _item(item: Item) -> list[str]:
    return [
        f"{item.title} ({item.number})",
        *([f"Var: {item.place}"] if item.place else []),
        *([f"Text: {item.public_text}"] if isinstance(item, Told) and item.public_text else []),
        item.link,
    ]
