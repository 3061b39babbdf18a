"""Each message leaves once, however many send it, and whoever dies meanwhile."""

from collections import Counter
from pathlib import Path

import pytest
from own_databases import OdooFailedError

POSTMEN = Path(__file__).with_name("postmen.py")
VISITS = 20
ROWS = """
    SELECT channel, state, reason, count(*) AS rows, count(mail_id) AS mails
      FROM salon_message GROUP BY channel, state, reason ORDER BY channel, state"""
MAILS = """
    SELECT count(*) AS mails
      FROM mail_mail mail JOIN mail_message message ON message.id = mail.mail_message_id
     WHERE message.model = 'salon.visit'"""
TOLD = """
    SELECT count(*) AS rows
      FROM salon_message message
      JOIN salon_message_event event ON event.id = message.event_id
     WHERE event.code = 'manager_failed'"""


@pytest.fixture
def salon(desk):
    with desk.own_salon("messages") as database:
        desk.call(database, POSTMEN, "prepare", visits=VISITS)
        yield database


def said(world) -> Counter:
    return Counter(world.read_text().split()) if world.exists() else Counter()


def test_the_same_queued_at_once_is_there_once(desk, salon):
    desk.play(salon, "queue_the_same", clerks=4)
    sql = "SELECT count(*) AS rows FROM salon_message WHERE occasion = 'at once'"
    assert desk.value(salon, sql) == VISITS


def test_several_senders_say_everything_once(desk, salon, tmp_path):
    world = tmp_path / "world"
    before = desk.value(salon, MAILS)
    story = desk.play(salon, "send_messages", clerks=4, world=str(world))
    assert set(story.outcomes()) == {"done"}
    assert set(said(world).values()) == {1}
    assert len(said(world)) == VISITS // 2
    assert desk.value(salon, MAILS) - before == VISITS // 2
    assert {row["state"] for row in desk.rows(salon, ROWS)} == {"sending", "sent"}


def test_a_sender_who_is_killed_loses_nothing_and_says_nothing_twice(
    desk, salon, tmp_path
):
    """What was being said in that moment fails visibly: it may have arrived."""
    world = tmp_path / "world"
    before = desk.value(salon, MAILS)
    with pytest.raises(OdooFailedError):
        desk.call(salon, POSTMEN, "send", world=str(world), die_after=4)
    assert sum(said(world).values()) == 4
    with pytest.raises(OdooFailedError):
        desk.call(salon, POSTMEN, "send", world=str(world), mail_dies=True)
    assert desk.value(salon, MAILS) == before
    desk.call(salon, POSTMEN, "send", world=str(world))
    assert set(said(world).values()) == {1}
    assert len(said(world)) == VISITS // 2
    assert desk.value(salon, MAILS) - before == VISITS // 2
    rows = desk.rows(salon, ROWS)
    interrupted = [row for row in rows if row["reason"] == "interrupted"]
    assert [row["rows"] for row in interrupted] == [1]
    assert desk.value(salon, TOLD) > 0, "the managers know of it"
    assert not [row for row in rows if row["state"] == "queued"]
