import pytest
from scenarios import SCENARIOS, Scenarios


@pytest.fixture(scope="session")
def scenarios(request):
    """The runs; those that the selected tests need start at once, two at a time."""
    scenarios = Scenarios()
    wanted = [
        name
        for item in request.session.items
        if (marker := item.get_closest_marker("scenario"))
        for name in marker.args
    ]
    scenarios.start(dict.fromkeys(wanted))
    yield scenarios
    scenarios.close()


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name == "lifecycle":
            item.add_marker(pytest.mark.lifecycle)


@pytest.fixture
def story(request, scenarios):
    """What happened in the scenario that the test names."""
    marker = request.node.get_closest_marker("scenario")
    assert marker.args[0] in SCENARIOS
    return scenarios.story(marker.args[0])
