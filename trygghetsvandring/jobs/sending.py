"""One letter, once: what has left is noted before its job is done, so that a job that runs again sends the rest."""

from collections.abc import Sequence
from uuid import UUID

from trygghetsvandring.domain import incoming_mail
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.integrations.mail import Letter, NotDelivered
from trygghetsvandring.jobs.work import Context
from trygghetsvandring.storage import incoming_mail as incoming
from trygghetsvandring.storage import letters as stored
from trygghetsvandring.storage.incoming_mail import Answered


async def send_once(context: Context, municipality: str, letter: Letter, *, about: UUID | None = None) -> None:
    """Raises NotDelivered after noting why."""
    async with context.store.read() as db:
        before = (await stored.fates(db, municipality, [letter.id])).get(letter.id)
    if before is not None and before.sent_at is not None:
        return
    try:
        await context.post.send(letter)
    except NotDelivered as failed:
        async with context.store.write() as db:
            await stored.note(
                db, municipality, letter.id, about=about, now=context.clock(), sent=False, reason=str(failed)
            )
        raise
    async with context.store.write() as db:
        await stored.note(db, municipality, letter.id, about=about, now=context.clock(), sent=True)


async def answered_at(context: Context, municipality: str, letter: UUID, about: Sequence[Answered]) -> str:
    """The address at which this letter is answered, about these tasks; "" where no mailbox is fetched."""
    mail_in = context.mail_in.get(municipality)
    if mail_in is None or not about:
        return ""
    token = incoming_mail.token(context.engine.key, letter)
    async with context.store.write() as db:
        await incoming.answerable(db, municipality, letter, digest(token), about, context.clock())
    return mail_in.answer_to(token)


async def send_each(
    context: Context, municipality: str, letters: Sequence[Letter], *, about: UUID | None = None
) -> None:
    """One address that does not take its letter keeps nobody else's back; its reason is raised when all are tried."""
    problem: NotDelivered | None = None
    for letter in letters:
        try:
            await send_once(context, municipality, letter, about=about)
        except NotDelivered as failed:
            problem = failed
    if problem is not None:
        raise problem
