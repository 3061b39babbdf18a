from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from salon_messages_engine import answers, backoff, examples, telegram, texts
from salon_messages_engine.quiet import LEAST_NOTICE, Quiet, reminder_moment

NIGHT = Quiet("Europe/Brussels", 20 * 60, 9 * 60)
moments = st.datetimes(datetime(2031, 1, 1), datetime(2032, 1, 1)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)
quiets = st.builds(
    Quiet,
    st.sampled_from(["UTC", "Europe/Brussels", "Asia/Baku", "America/New_York"]),
    st.integers(0, 1439),
    st.integers(0, 1439),
)


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        *(
            (word, answers.CONFIRM)
            for word in "1 yes EVET Bəli Təsdiq да ДА! ok".split()
        ),
        *((word, answers.CANCEL) for word in "2 no Hayır HAYIR xeyr нет".split()),
        ("1\n\nOn Thu, Salon wrote:\n> Are you coming?", answers.CONFIRM),
        ("  1.  ", answers.CONFIRM),
        (
            "2\n\nOn Thu, Jun 12, 2031 at 10:00 Salon <\na@b.test> wrote:",
            answers.CANCEL,
        ),
        (
            "1\n\nчт, 12 июн. 2031 г. в 10:00, Салон <a@b.test [1]>:\nВы",
            answers.CONFIRM,
        ),
        ("да\n\nОтправлено с iPhone\n12 июня, Салон написал(а):", answers.CONFIRM),
        ("Evet\n\nSalon, 12 Haz 2031 tarihinde şunu yazdı:\nGel", answers.CONFIRM),
        ("1\n\niPhone’umdan gönderildi", answers.CONFIRM),
        ("Bəli\n\nSalon, 12 iyun tarixində yazıb:\nGəl", answers.CONFIRM),
        ("1\n\nSent from my iPhone", answers.CONFIRM),
        ("Yes\nbut can I come at five?", answers.OTHER),
        ("2\nOn Friday I can", answers.OTHER),
        *(
            (word, answers.OTHER)
            for word in ("", "12", "yes, but later", "1\n2", "no1")
        ),
    ],
)
def test_a_short_answer_is_understood(word, meaning):
    assert answers.parse(word) == meaning


@pytest.mark.parametrize(
    ("address", "is_example"),
    [
        ("anna@example.com", True),
        ("Anna@Mail.EXAMPLE.org", True),
        ("anna@salon.example", True),
        ("anna@nowhere.invalid", True),
        ("anna@example.com.tr", False),
        ("anna@myexample.com", False),
        ("example@gmail.com", False),
        ("", False),
    ],
)
def test_addresses_of_examples_are_nobodys(address, is_example):
    assert examples.is_email(address) is is_example


@pytest.mark.parametrize(
    ("number", "is_example"),
    [
        ("+14155550101", True),
        ("+12125550199", True),
        ("+14155550201", False),
        ("+14155551234", False),
        ("+994505550101", False),
        ("", False),
    ],
)
def test_numbers_of_examples_are_nobodys(number, is_example):
    assert examples.is_number(number) is is_example


@given(st.text())
def test_any_text_is_an_answer(text):
    assert answers.parse(text) in {answers.CONFIRM, answers.CANCEL, answers.OTHER}


def test_quiet_hours_end_in_the_morning():
    evening = datetime(2031, 6, 11, 21, 0)
    assert NIGHT.end_after(evening) == datetime(2031, 6, 12, 7, 0)
    assert NIGHT.start_before(evening) == datetime(2031, 6, 11, 17, 59)
    noon = datetime(2031, 6, 11, 10, 0)
    assert NIGHT.end_after(noon) == NIGHT.start_before(noon) == noon


@given(quiets, moments)
def test_nothing_leaves_in_quiet_hours(quiet, moment):
    later, sooner = quiet.end_after(moment), quiet.start_before(moment)
    assert sooner <= moment <= later
    assert later - sooner <= timedelta(hours=26)
    if quiet.start != quiet.stop and not _near_clock_change(moment):
        assert not quiet.has(later)
        assert not quiet.has(sooner) or quiet.start == quiet.stop


@pytest.mark.parametrize(
    ("evening", "morning"),
    [
        # The nights in which clocks in Brussels are put forward and back.
        (datetime(2031, 3, 29, 21, 30), datetime(2031, 3, 30, 7)),
        (datetime(2031, 10, 25, 21, 30), datetime(2031, 10, 26, 8)),
    ],
)
def test_quiet_hours_end_by_the_clock_on_the_wall(evening, morning):
    quiet = Quiet("Europe/Brussels", 20 * 60, 9 * 60)
    assert quiet.end_after(evening) == morning
    assert quiet.has(morning - timedelta(minutes=1))
    assert not quiet.has(morning)


def test_quiet_hours_that_end_in_the_hour_that_is_left_out_end_after_it():
    quiet = Quiet("Europe/Brussels", 20 * 60, 2 * 60 + 30)
    end = quiet.end_after(datetime(2031, 3, 30, 0, 30))
    assert end == datetime(2031, 3, 30, 1, 30)
    assert not quiet.has(end)


def _near_clock_change(moment):
    return moment.month in (3, 11, 10)


@given(quiets, moments, st.integers(30, 3000))
def test_a_reminder_comes_before_the_visit(quiet, start, notice):
    moment = reminder_moment(start, notice, quiet)
    assert moment <= start - min(LEAST_NOTICE, timedelta(minutes=notice))


def test_parts_of_a_text():
    assert texts.parts("") == 0
    assert texts.parts("a" * 160) == 1
    assert texts.parts("a" * 161) == 2
    assert texts.parts("€" * 80) == 1
    assert texts.parts("ə" * 70) == 1
    assert texts.parts("ə" * 71) == 2


def test_tries_become_rarer_and_end():
    waits = [backoff.wait(tries) for tries in range(1, backoff.MOST_TRIES + 1)]
    assert waits[:3] == [60, 120, 240]
    assert waits[-1] is None
    assert backoff.wait(1, 300) == 301


def test_what_telegram_says():
    sent = telegram.outcome(200, {"ok": True, "result": {"message_id": 7}})
    assert (sent.kind, sent.message) == (telegram.SENT, "7")
    limit = {"ok": False, "description": "x", "parameters": {"retry_after": 5}}
    assert telegram.outcome(429, limit).retry_after == 5
    assert telegram.outcome(403, {"ok": False}).kind == telegram.BLOCKED
    assert telegram.outcome(400, {"ok": False}).kind == telegram.FAILED
    assert telegram.outcome(502, None).kind == telegram.UNSURE
    assert telegram.outcome(200, None).kind == telegram.UNSURE


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["message", "chat", "id", "type", "text", "parameters"]),
            inner,
        )
    ),
)


@given(json_values, st.integers(100, 599))
def test_nonsense_of_telegram_breaks_nothing(payload, status):
    telegram.outcome(status, payload)
    telegram.update(payload)
