"""The tables of the return path by mail."""

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text, Uuid

from trygghetsvandring.storage.columns import Moment, metadata, municipality_key, record_table

answer_links = record_table(
    "answer_links",
    Column("about", Uuid, nullable=False, index=True),  # the task
    Column("secret_hash", String(64), nullable=False, index=True),
)
walk_cards = record_table("walk_cards", Column("code_hash", String(64), nullable=False, unique=True, index=True))
group_messages = record_table("group_messages")  # the id is the walk's: one for each
correspondence = record_table("correspondence")  # one for each municipality
letters = Table(
    "letters",
    metadata,
    municipality_key(),
    Column("id", String(120), primary_key=True),
    Column("about", Uuid),
    Column("tried_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("bounced_at", Moment),  # a mail server took it, and then said that it does not arrive
    Column("reason", Text, nullable=False),
)
# What a letter tells of, written before it is: a line waits (`letter` NULL) or has its place in one letter, for ever.
letter_lines = Table(
    "letter_lines",
    metadata,
    municipality_key(),
    Column("reader", Uuid, primary_key=True),  # a user, or whom links go to
    Column("source", Uuid, primary_key=True),  # the job that asked for it: done twice, it is told once
    Column("about", Uuid, nullable=False, index=True),  # the task
    Column("became", String(20), nullable=False),  # its state; what a helper answered; "" = it is handed over
    Column("link", Uuid, index=True),
    Column("at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("letter", Uuid, index=True),
    Index("ix_letter_lines_waiting", "municipality", "reader", "letter"),
)
reminders = Table(
    "reminders",
    metadata,
    municipality_key(),
    Column("task", Uuid, primary_key=True),
    Column("clock", String(20), primary_key=True),
    Column("since", Date, primary_key=True),  # the stay it is about: a new stay begins its steps anew
    Column("step", Integer, primary_key=True),
    Column("sent_at", Moment, nullable=False),
)
# Addresses of those who walked: apart from the walk's own things, in no log and no version, so that gone is gone.
subscriptions = Table(
    "subscriptions",
    metadata,
    municipality_key(),
    Column("id", Uuid, primary_key=True),
    Column("walk", Uuid, nullable=False),
    Column("address", String(254), nullable=False),
    Column("secret_hash", String(64), nullable=False, index=True),
    Column("asked_at", Moment, nullable=False),
    Column("confirmed_at", Moment),
    Column("card", Uuid),  # it came by: shut, it takes the address with it. None: from a phone
    Index("ix_subscriptions_walk", "municipality", "walk"),
)
digests = Table(
    "digests",
    metadata,
    municipality_key(),
    Column("walk", Uuid, primary_key=True),
    Column("said", Text, nullable=False),  # the outcomes as the last digest told them, by finding
    Column("sent_at", Moment, nullable=False),
)
