"""Every table, once. Tables are created by migrations only; `municipality` is part of every key and every query."""

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    Uuid,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware datetime in UTC. SQLite forgets the zone; this puts it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def municipality_key() -> Column[str]:
    return Column("municipality", String(40), ForeignKey("municipalities.id"), primary_key=True)


def record_table(name: str, *columns: Column[object] | Index) -> Table:
    """A table of one kind of entity: the whole entity as JSON text in `doc`, beside the columns it is asked for by."""
    return Table(
        name,
        metadata,
        municipality_key(),
        Column("id", Uuid, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("doc", Text, nullable=False),
        Column("updated_at", Moment, nullable=False),
        *columns,
    )


municipalities = Table(
    "municipalities",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("version", Integer, nullable=False),
    Column("doc", Text, nullable=False),
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
    Column("lat", Float),
    Column("lon", Float),
    Index("ix_tasks_look", "municipality", "look_on", "id"),
    Index("ix_tasks_department_look", "municipality", "department", "look_on", "id"),
    Index("ix_tasks_near", "municipality", "is_open", "tile", "lat"),
)

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
