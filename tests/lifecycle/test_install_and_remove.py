"""The suite comes into existing databases, is upgraded, and goes without a trace.

See `scenarios.py` for what happens in each database; here stands what must be true.
"""

import pytest
from scenarios import GUARD, glue, guests, suite

each_alone = pytest.mark.parametrize(
    "addon",
    [
        pytest.param(
            addon, marks=pytest.mark.scenario(f"alone_{addon}", "booking", "host")
        )
        for addon in (*guests(), *glue())
    ],
)


@pytest.mark.scenario("booking", "host")
def test_booking_installs_on_an_existing_database_without_a_warning(story):
    assert_nothing(story.troubles)


@pytest.mark.scenario("booking", "host")
def test_booking_takes_nothing_of_the_host_away(story, scenarios):
    assert_nothing(scenarios.story("host").seen["host"] - story.seen["installed"])


@pytest.mark.scenario("booking", "host")
def test_after_the_installation_the_table_is_guarded(story):
    assert f"salon_occupancy {GUARD}" in story.seen["installed"].by_kind["exclusion"]


@each_alone
def test_an_addon_alone_on_booking_installs_and_goes_without_a_warning(story, addon):
    assert_nothing(story.troubles)


@each_alone
def test_an_addon_that_goes_leaves_no_trace(story, scenarios, addon):
    before = scenarios.story("booking").seen["installed"]
    assert story.seen["installed"] - before, f"{addon} brought nothing"
    assert_nothing(story.seen["removed"].left_by(before))
    assert_nothing(before - story.seen["removed"])


@each_alone
def test_the_bills_stay_when_an_addon_goes(story, addon):
    assert story.facts["bills after"] == story.facts["bills before"]
    assert story.facts["invoice"] in {bill["id"] for bill in story.facts["bills after"]}
    assert lost_rows(story) == {}


@pytest.mark.scenario("together", "host")
def test_all_addons_install_together_on_an_existing_database(story):
    assert_nothing(story.troubles)
    assert f"salon_occupancy {GUARD}" in story.seen["installed"].by_kind["exclusion"]


@pytest.mark.scenario("together", "host")
def test_the_demo_salon_is_reconciled_from_the_first_minute(story):
    rows = story.facts["reconciled"]
    assert len(rows) >= 3
    assert {name: row for name, row in rows.items() if row[2]} == {}


@pytest.mark.scenario("upgraded", "together", "host")
def test_an_upgrade_warns_of_nothing(story):
    assert_nothing(story.troubles)


@pytest.mark.scenario("upgraded", "together", "host")
def test_an_upgrade_loses_nothing(story):
    assert story.facts["bills after"] == story.facts["bills before"]
    assert story.facts["rows after"] == story.facts["rows before"]
    assert story.facts["rows after"]["salon_visit"] > 0


@pytest.mark.scenario("upgraded", "together", "host")
def test_an_upgrade_changes_nothing_and_brings_the_guard_back(story, scenarios):
    installed = scenarios.story("together").seen["installed"]
    assert_nothing(story.seen["upgraded"] - installed)
    assert_nothing(installed - story.seen["upgraded"])
    assert f"salon_occupancy {GUARD}" in story.seen["upgraded"].by_kind["exclusion"]


@pytest.mark.scenario("conflicting", "booking", "host")
def test_an_upgrade_says_that_overlapping_rows_prevent_the_guard(story):
    guards = story.seen["upgraded"].by_kind["exclusion"]
    assert not [guard for guard in guards if guard.endswith(GUARD)]
    told = story.facts.get("upgrade") or "\n".join(story.troubles)
    assert GUARD in told or "no guard against double booking" in told


@pytest.mark.scenario("conflicting", "booking", "host")
def test_an_installation_over_overlapping_rows_is_refused(story):
    assert "no guard against double booking" in story.facts["install"]


@pytest.mark.scenario("cleared", "booking", "host")
def test_the_suite_goes_without_a_trace(story, scenarios):
    before = scenarios.story("host").seen["host"]
    assert_nothing(story.seen["removed"].left_by(before))
    assert_nothing(before - story.seen["removed"])
    # The plan of the branches stays in the books; the host tried, and says so.
    kept = 'DELETE FROM "account_analytic_plan"'
    assert_nothing([line for line in story.troubles if kept not in line])


@pytest.mark.scenario("shown", "together", "host")
def test_the_suite_goes_although_its_demo_data_are_in_use(story, scenarios):
    """Products that were sold and clients that were billed stay; all else goes."""
    before = scenarios.story("host").seen["host"]
    assert_nothing(story.seen["removed"].left_by(before, with_data=False))
    assert_nothing(before - story.seen["removed"])
    assert_nothing([line for line in story.troubles if "bad query" not in line])


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            "cleared", marks=pytest.mark.scenario("cleared", "booking", "host")
        ),
        pytest.param("shown", marks=pytest.mark.scenario("shown", "together", "host")),
    ],
)
def test_the_bills_and_the_work_of_the_host_stay(story, name):
    assert story.facts["bills after"] == story.facts["bills before"]
    assert story.facts["invoice"] in {bill["id"] for bill in story.facts["bills after"]}
    assert lost_rows(story) == {}
    assert "sale.order" in story.facts["opened"]


@pytest.mark.scenario("empty")
def test_all_addons_install_without_demo_data_in_a_new_database(story):
    assert_nothing(story.troubles)
    assert f"salon_occupancy {GUARD}" in story.seen["installed"].by_kind["exclusion"]


def test_the_suite_is_eight_addons_and_glue_to_the_host_and_between_two_of_them():
    assert len(suite()) == 8
    assert glue() == ["salon_calendar", "salon_holidays", "salon_points"]


def assert_nothing(found):
    assert not found, "\n".join([f"{len(found)} things", *found])


def lost_rows(story):
    """Tables of the host that have fewer rows than before: `{table: how many}`."""
    before, after = story.facts["rows before"], story.facts["rows after"]
    return {
        table: before[table] - after[table]
        for table in before
        if not table.startswith("salon_") and after[table] < before[table]
    }
