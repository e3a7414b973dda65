"""What somebody wrote in a mail, without what their program put around it: our own letter, and their signature.

Nothing is guessed away that could be an answer: where nothing would be left, everything stays. The original is kept.
"""

import re
from typing import Final

_QUOTED: Final = re.compile(r"\s?>")
_WROTE: Final = re.compile(
    r"(?:den|on|am|le|op|el|på)\s.{4,200}(?:skrev|wrote|schrieb|a écrit|skrev følgende|schreef|escribió)\b.{0,120}:\s*",
    re.IGNORECASE,
)
_RULE: Final = re.compile(
    r"_{10,}\s*|-{2,}\s*(?:ursprungligt meddelande|original ?message|vidarebefordrat brev|"
    r"vidarebefordrat meddelande|forwarded message|original appointment)\s*-{2,}\s*",
    re.IGNORECASE,
)
_FROM: Final = re.compile(r"\*?(?:från|from|fra|von|de)\s?:\*?\s.+", re.IGNORECASE)
_FIELD: Final = re.compile(
    r"\*?(?:skickat|sent|datum|date|till|to|ämne|subject|gesendet|betreff)\s?:\*?\s.*", re.IGNORECASE
)
_SIGNATURE: Final = re.compile(r"-- ?")
_SENT_BY: Final = re.compile(
    r"(?:skickat från (?:min|mitt|outlook|e-post)|sent from (?:my|outlook|mail)|hämta outlook för|get outlook for)\b.*",
    re.IGNORECASE,
)
_LINES_OF_A_HEAD: Final = 4
_LONGEST_ATTRIBUTION: Final = 320


def own_words(text: str) -> tuple[str, bool]:
    """(what the sender wrote, whether anything was cut)."""
    lines = [line.rstrip() for line in text.split("\n")]
    whole = "\n".join(lines).strip()
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if _ends_here(lines, at):
            break
        after = _after_attribution(lines, at)
        if after is not None:
            if not _is_quoted_next(lines, after):
                break  # as Outlook does: everything below is our letter, unmarked
            at = after
            continue
        if not _QUOTED.match(line):
            kept.append(line)
        at += 1
    own = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return (own, own != whole) if own else (whole, False)


def _ends_here(lines: list[str], at: int) -> bool:
    line = lines[at].strip()
    if _SIGNATURE.fullmatch(lines[at].lstrip()) or _RULE.fullmatch(line) or _SENT_BY.fullmatch(line):
        return True
    head = lines[at + 1 : at + 1 + _LINES_OF_A_HEAD]
    return bool(_FROM.fullmatch(line)) and sum(bool(_FIELD.fullmatch(it.strip())) for it in head) >= 2


def _after_attribution(lines: list[str], at: int) -> int | None:
    """The line after "Den … skrev …:", which programs also break in two."""
    first, second = lines[at].strip(), (lines[at + 1].strip() if at + 1 < len(lines) else "")
    if _is_attribution(first):
        return at + 1
    is_broken = first and second and not _QUOTED.match(second) and not _is_attribution(second)
    return at + 2 if is_broken and _is_attribution(f"{first} {second}") else None


def _is_attribution(line: str) -> bool:
    return len(line) <= _LONGEST_ATTRIBUTION and _WROTE.fullmatch(line) is not None


def _is_quoted_next(lines: list[str], at: int) -> bool:
    said = next((line for line in lines[at:] if line.strip()), "")
    return bool(_QUOTED.match(said))
