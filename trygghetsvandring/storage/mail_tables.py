"""The tables of mail that comes in."""

from sqlalchemy import Column, Index, String, Table, Text, Uuid

from trygghetsvandring.storage.columns import Moment, metadata, municipality_key, record_table

incoming_mail = record_table(
    "incoming_mail",
    Column("about", Uuid, index=True),  # the task; NULL = nobody knows
    Column("state", String(20), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("received_at", Moment, nullable=False),
    Index("ix_incoming_mail_received_at", "municipality", "state", "received_at"),
)
# Apart from the matter itself, in no log and no version, so that gone is gone.
incoming_words = Table(
    "incoming_words",
    metadata,
    municipality_key(),
    Column("mail", Uuid, primary_key=True),
    Column("task", Uuid, index=True),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),  # the sender's own words
    Column("original", Text, nullable=False),  # the whole plain text
    Column("kept_at", Moment, nullable=False),
)
incoming_senders = Table(
    "incoming_senders",
    metadata,
    municipality_key(),
    Column("mail", Uuid, primary_key=True),
    Column("task", Uuid, index=True),
    Column("address", String(254), nullable=False),
    Column("kept_at", Moment, nullable=False),
)
# What each letter may be answered about: a row for each of its tasks. Ids only.
reply_addresses = Table(
    "reply_addresses",
    metadata,
    municipality_key(),
    Column("letter", Uuid, primary_key=True),
    Column("task", Uuid, primary_key=True, index=True),
    Column("token_hash", String(64), nullable=False, index=True),
    Column("link", Uuid),  # whom it went to: by a link, or
    Column("user", Uuid),  # at the desk
    Column("made_at", Moment, nullable=False),
)
mailboxes = Table(
    "mailboxes",
    metadata,
    municipality_key(),
    Column("looked_at", Moment, nullable=False),  # when it last became as it is
    Column("reason", Text, nullable=False),  # why it cannot be read; "" = it can
)
