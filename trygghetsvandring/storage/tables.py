"""Every table, once. Tables are created by migrations only; `municipality` is part of every key and every query."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    Uuid,
    false,
)

# Asked for here by name, by those who need every table there is.
from trygghetsvandring.storage.columns import Moment as Moment  # noqa: PLC0414
from trygghetsvandring.storage.columns import metadata as metadata  # noqa: PLC0414
from trygghetsvandring.storage.columns import municipality_key as municipality_key  # noqa: PLC0414
from trygghetsvandring.storage.columns import record_table as record_table  # noqa: PLC0414
from trygghetsvandring.storage.lagesbild_tables import lagesbilder as lagesbilder  # noqa: PLC0414
from trygghetsvandring.storage.letter_tables import answer_links as answer_links  # noqa: PLC0414
from trygghetsvandring.storage.mail_tables import incoming_mail as incoming_mail  # noqa: PLC0414
from trygghetsvandring.storage.plan_tables import action_plans as action_plans  # noqa: PLC0414
from trygghetsvandring.storage.promise_tables import activities as activities  # noqa: PLC0414
from trygghetsvandring.storage.promise_tables import agreements as agreements  # noqa: PLC0414
from trygghetsvandring.storage.promise_tables import promises as promises  # noqa: PLC0414
from trygghetsvandring.storage.public_tables import feedback as feedback  # noqa: PLC0414
from trygghetsvandring.storage.public_tables import survey_answers as survey_answers  # noqa: PLC0414
from trygghetsvandring.storage.rota_tables import rota_evenings as rota_evenings  # noqa: PLC0414
from trygghetsvandring.storage.trade_tables import trade_cards as trade_cards  # noqa: PLC0414

municipalities = Table(
    "municipalities",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("version", Integer, nullable=False),
    Column("doc", Text, nullable=False),
    Column("digest", String(32)),  # of `doc`; see `storage/municipalities.py`
)

meta = Table("meta", metadata, Column("name", String(40), primary_key=True), Column("value", Text, nullable=False))

# --- people
users = Table(
    "users",
    metadata,
    municipality_key(),
    Column("id", Uuid, primary_key=True),
    Column("login", String(120), nullable=False, unique=True),
    Column("function", String(120), nullable=False),
    Column("role", String(40), nullable=False),
    Column("organisation", String(80), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("disabled_at", Moment),
)
sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("municipality", String(40), ForeignKey("municipalities.id"), nullable=False),
    Column("user_id", Uuid, nullable=False, index=True),
    Column("device", Uuid, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)
devices = record_table(
    "devices",
    Column("token_hash", String(64), nullable=False, index=True),
    Column("walk", Uuid, index=True),
    Column("kind", String(10), nullable=False),
)

# --- walks
walks = record_table("walks", Column("starts_at", Moment, nullable=False), Column("state", String(20), nullable=False))
invites = record_table(
    "invites",
    Column("walk", Uuid, nullable=False, index=True),
    Column("code_hash", String(64), nullable=False, index=True),
    Column("secret_hash", String(64), nullable=False, index=True),
    Column("closed", Boolean, nullable=False),
)
feelings = record_table(
    "feelings", Column("walk", Uuid, nullable=False, index=True), Column("device", Uuid, nullable=False)
)
answers = record_table(
    "answers", Column("walk", Uuid, nullable=False, index=True), Column("device", Uuid, nullable=False)
)

# --- photos: the bytes lie in the blob store, how far an upload has come is the length of its partial file
photos = record_table(
    "photos",
    Column("of_id", Uuid, nullable=False, index=True),
    Column("device", Uuid, index=True),
    Column("state", String(10), nullable=False),
)

# --- observations and tasks
observations = record_table(
    "observations",
    Column("walk", Uuid, nullable=False),
    Column("state", String(20), nullable=False),
    Column("kind", String(1), nullable=False),
    Column("danger", Boolean, nullable=False),  # stands first in the inbox
    Column("received_at", Moment, nullable=False),
    Column("lat", Float),  # where it counts as being, when that is known
    Column("lon", Float),
    Column("number", String(40), nullable=False, server_default=""),  # the receipt's: what a walker asks by
    Column("words", Text, nullable=False, server_default=""),  # number, text and place in lower case, for searching
    Column("slot", Integer),  # when it was seen (`domain.seen_hours`); empty when made by the code before that
    Column("behind", Text, nullable=False, server_default="[]"),  # its tasks, as they are written in JSON
    Index("ix_observations_number", "municipality", "number"),
    Index("ix_observations_slot", "municipality", "slot"),
    Index("ix_observations_spot", "municipality", "lat", "lon"),
    Index("ix_observations_received", "municipality", "danger", "received_at", "id"),
    Index("ix_observations_state", "municipality", "state", "danger", "received_at", "id"),
    Index("ix_observations_walk", "municipality", "walk", "received_at", "id"),
)
tasks = record_table(
    "tasks",
    Column("state", String(20), nullable=False),
    Column("department", String(60)),
    Column("is_open", Boolean, nullable=False),
    Column("look_on", Date, nullable=False),  # the next date that counts; closed and undated ones far away
    Column("words", Text, nullable=False),  # number, title and place in lower case, for searching
    Column("tile", String(60), nullable=False),
    Column("priority", Integer, nullable=False, server_default="2"),
    Column("place", Text, nullable=False, server_default=""),  # as it is written: the field list is sorted by it
    Column("lat", Float),
    Column("lon", Float),
    Column("doubted", Boolean, nullable=False, server_default=false()),  # somebody has been there: not mended
    Column("assignee", Uuid),  # who in the unit has it
    Column("cell", BigInteger),  # see `domain.cells`; empty when it was made by the code before that
    Index("ix_tasks_look", "municipality", "look_on", "id"),
    Index("ix_tasks_department_look", "municipality", "department", "look_on", "id"),
    Index("ix_tasks_state_look", "municipality", "state", "look_on", "id"),  # a column of the board
    Index("ix_tasks_department_state", "municipality", "department", "state", "look_on", "id"),
    Index("ix_tasks_assignee_look", "municipality", "assignee", "look_on", "id"),
    Index("ix_tasks_near", "municipality", "is_open", "tile", "lat"),
    Index(  # a map looks into a box and counts by squares without opening a row
        "ix_tasks_cell",
        *("municipality", "cell", "department", "state", "lat", "lon", "priority", "look_on", "doubted"),
    ),
    Index("ix_tasks_changed", "municipality", "updated_at", "id"),  # for those who follow along
)
saved_filters = record_table(
    "saved_filters",
    Column("user_id", Uuid, nullable=False),  # who saved it; nobody else sees it unless it is the unit's
    Column("organisation", String(80)),  # the unit it is shared with
    Index("ix_saved_filters_user", "municipality", "user_id"),
    Index("ix_saved_filters_organisation", "municipality", "organisation"),
)

# --- protocols: what a person adds to a walk's, and the editions that were approved
protocols = record_table("protocols", Column("walk", Uuid, nullable=False, index=True))
editions = record_table(
    "editions",
    Column("walk", Uuid, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("published", Boolean, nullable=False),
)

# --- two who changed the same: stays until a person closes it
conflicts = record_table(
    "conflicts",
    Column("about", Uuid, nullable=False),
    Column("organisation", String(80)),  # whose wall it lies behind; null: the municipality's own
    Column("is_open", Boolean, nullable=False),
    Column("held", Boolean, nullable=False),  # stands first: somebody waits for it
    Column("received_at", Moment, nullable=False),
    Index("ix_conflicts_open", "municipality", "is_open", "held", "received_at", "id"),
    Index("ix_conflicts_about", "municipality", "about"),
)

# --- rules: one book is live, the shelf says which; every version is kept
rulebooks = record_table(
    "rulebooks",
    Column("state", String(10), nullable=False),
    Column("number", Integer, nullable=False),
    Index("ix_rulebooks_state", "municipality", "state", "number"),
)
rule_shelves = record_table("rule_shelves")

# --- presence: one organisation's log; every question about it names the organisation, or is the sums'
passes = record_table(
    "passes",
    Column("organisation", String(80), nullable=False),
    Column("evening", Date, nullable=False),
    Index("ix_passes_evening", "municipality", "evening"),
)
presence = record_table(
    "presence",
    Column("organisation", String(80), nullable=False),
    Column("pass_id", Uuid, nullable=False, index=True),
    Column("evening", Date, nullable=False),
    Index("ix_presence_evening", "municipality", "evening"),
)

# --- EST weeks: the meeting, its decisions, and what parties have counted
est_weeks = record_table(
    "est_weeks",
    Column("week", String(10), nullable=False),
    Index("ix_est_weeks_week", "municipality", "week", unique=True),
)

# --- sync: the log of everything done (= audit trail), the history, the feed, the numbers, the work
operations = Table(
    "operations",
    metadata,
    municipality_key(),
    Column("id", Uuid, primary_key=True),
    Column("device", Uuid),
    Column("seq", Integer),
    Column("type", String(60), nullable=False),
    Column("entity", Uuid, nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("request_hash", String(64), nullable=False),
    Column("answer", Text, nullable=False),  # the outcome as it was sent
    Column("wire", Text, nullable=False),  # the operation as it came
    Column("actor", Text, nullable=False),  # role, function, organisation as JSON: never a name
    Column("at", Moment, nullable=False),  # the phone's claim
    Column("corrected_at", Moment, nullable=False),  # the claim plus that session's offset
    Column("uncertain_s", Integer, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("waits_for", Uuid),  # deferred until this entity is here
    Index("ix_operations_device_seq", "municipality", "device", "seq"),
    Index("ix_operations_waits_for", "municipality", "waits_for"),
    Index("ix_operations_entity", "municipality", "entity"),
)
quarantine = Table(
    "quarantine",
    metadata,
    municipality_key(),
    Column("id", Uuid, primary_key=True),
    Column("device", Uuid),
    Column("code", String(60), nullable=False),
    Column("wire", Text, nullable=False),
    Column("received_at", Moment, nullable=False),
)
held = Table(  # beside the log's row of the same id: why a person looks at it, and what they said
    "held",
    metadata,
    municipality_key(),
    Column("operation", Uuid, primary_key=True),
    Column("device", Uuid),
    Column("code", String(40), nullable=False),
    Column("since", Moment, nullable=False),
    Column("decision", String(10)),  # null: still waiting
    Column("decided_at", Moment),
    Column("decided_by", String(120)),
    Column("reason", Text),
    Index("ix_held_waiting", "municipality", "decision", "since"),
    Index("ix_held_device", "municipality", "device"),
)
rescues = Table(  # files handed over by hand; the sealed bytes lie in the blob store
    "rescues",
    metadata,
    municipality_key(),
    Column("id", Uuid, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("device", Uuid, nullable=False),
    Column("imported_at", Moment, nullable=False),
    Column("imported_by", String(120), nullable=False),
    Index("ix_rescues_sha256", "municipality", "sha256", unique=True),
    Index("ix_rescues_imported", "municipality", "imported_at"),
)
# --- registers: one per nämnd; what was removed by decision leaves a tombstone and nothing else
cases = record_table(
    "cases",
    Column("board", String(80), nullable=False),
    Column("state", String(10), nullable=False),
    Index("ix_cases_board", "municipality", "board", "state"),
)
registers = record_table("registers", Column("board", String(80), nullable=False))
erasures = Table(  # one row per decision; `done_at` null: still being carried out
    "erasures",
    metadata,
    municipality_key(),
    Column("id", Uuid, primary_key=True),
    Column("board", String(80), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("total", Integer, nullable=False),
    Column("decided_at", Moment, nullable=False),
    Column("replayed_at", Moment),  # set when the journal brought it back after a restore
    Column("done_at", Moment),
    Index("ix_erasures_board", "municipality", "board", "decided_at"),
)
erased = Table(
    "erased",
    metadata,
    municipality_key(),
    Column("id", Uuid, primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("decision", Uuid, nullable=False),
    Column("decided_at", Moment, nullable=False),
    Column("done_at", Moment),
    Index("ix_erased_decision", "municipality", "decision", "done_at"),
)
versions = Table(
    "versions",
    metadata,
    municipality_key(),
    Column("kind", String(20), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("doc", Text, nullable=False),
    Column("operation", Uuid, nullable=False),
    Column("at", Moment, nullable=False),
)
changes = Table(
    "changes",
    metadata,
    municipality_key(),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("scope", String(80), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("id", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", Text),  # null: gone
    Index("ix_changes_scope", "municipality", "scope", "seq"),
)
counters = Table(
    "counters",
    metadata,
    municipality_key(),
    Column("series", String(20), primary_key=True),
    Column("value", Integer, nullable=False),
)
jobs = Table(
    "jobs",
    metadata,
    municipality_key(),
    Column("id", Uuid, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Column("run_at", Moment, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("last_error", Text),
    Column("done_at", Moment),
    Column("failed_at", Moment),
    Index("ix_jobs_kind_body", "municipality", "kind"),
)
