"""Operations on saved filters: kept under a name, and put away."""

from trygghetsvandring.domain import saved_filters as filters
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.saved_filters import SavedFilter
from trygghetsvandring.storage import saved_filters as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.sync.known import Known
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body


class Save(Body, kw_only=True):
    """`query`: the work list's address after the question mark. `shared`: with the whole unit."""

    name: str
    query: str
    first: bool = False
    shared: bool = False


class Forget(Body, kw_only=True):
    pass


@operation("filter.save", Save, act=Act.READ_TASKS, needs=lambda op: [(SavedFilter, op.entity)])
def save(op: Op[Save], known: Known) -> Decision:
    before, body = known.get(SavedFilter, op.entity), op.body
    kept = filters.save(
        before,
        id=op.entity,
        name=body.name,
        query=body.query,
        first=body.first,
        shared=body.shared,
        by=op.actor,
    )
    return Decision(entities=[kept])


@operation("filter.forget", Forget, act=Act.READ_TASKS, needs=lambda op: [(SavedFilter, op.entity)])
def forget(op: Op[Forget], known: Known) -> Decision:
    return Decision(entities=[filters.forget(known.need(SavedFilter, op.entity), by=op.actor)])
