"""The tables of what everybody may write on a public page, and of the walks that everybody may come to."""

from sqlalchemy import Boolean, Column, Date, Index, String, Table, Text, Uuid

from trygghetsvandring.storage.columns import Moment, metadata, municipality_key, record_table

feedback = record_table(
    "feedback",
    Column("state", String(20), nullable=False),
    Column("received_at", Moment, nullable=False),
    Index("ix_feedback_received_at", "municipality", "received_at"),
)
# Apart from what was written, in no log and no version, so that gone is gone.
feedback_contacts = Table(
    "feedback_contacts",
    metadata,
    municipality_key(),
    Column("feedback", Uuid, primary_key=True),
    Column("address", String(254), nullable=False),
    Column("given_at", Moment, nullable=False),
)
announcements = record_table(  # the id is the walk's
    "announcements",
    Column("ends_at", Moment, nullable=False),
    Index("ix_announcements_ends_at", "municipality", "ends_at"),
)
# In no log and no version, so that gone is gone; nothing joins an address to anything.
followers = Table(
    "followers",
    metadata,
    municipality_key(),
    Column("id", Uuid, primary_key=True),
    Column("address", String(254), nullable=False),
    Column("same", String(254), nullable=False),  # the address in small letters: one reader is one row
    Column("secret_hash", String(64), nullable=False, index=True),
    Column("asked_at", Moment, nullable=False),
    Column("confirmed_at", Moment),
    Column("language", String(8), nullable=False, server_default="sv"),
    Index("uq_followers_same", "municipality", "same", unique=True),
)
followers_told = Table(
    "followers_told",
    metadata,
    municipality_key(),
    Column("said", Text, nullable=False),  # what stood on the page when the last letter went: its state by key
    Column("sent_at", Moment, nullable=False),
)
surveys = record_table("surveys", Column("is_open", Boolean, nullable=False))
survey_answers = record_table(
    "survey_answers",
    Column("survey", Uuid, nullable=False),
    Column("answered_on", Date, nullable=False),
    Index("ix_survey_answers_survey", "municipality", "survey"),
)
