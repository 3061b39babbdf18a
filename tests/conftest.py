"""What all tests outside the addons share.

The engines are importable here as `<addon>_engine`, e.g. `salon_booking_engine.masks`,
without Odoo and without the addon around them.
"""

import importlib.util
import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no bug of the code under test.
settings.register_profile(
    "salon", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("salon")

ROOT = Path(__file__).resolve().parent.parent
# Real exports of salons; they are not part of the repository.
DATA = Path(os.environ.get("SALON_DATA") or ROOT.parent / "shared" / "data")


def _register_engines() -> None:
    """Make each addon's engine a package of its own, importable without Odoo."""
    for folder in sorted(ROOT.glob("addons/*/engine")):
        name = f"{folder.parent.name}_engine"
        init = folder / "__init__.py"
        if name in sys.modules or not init.exists():
            continue
        spec = importlib.util.spec_from_file_location(
            name, init, submodule_search_locations=[str(folder)]
        )
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)


_register_engines()


@pytest.fixture(scope="session")
def salon_data() -> Path:
    """The folder of the sample data; tests that need it skip where it is absent."""
    if not DATA.is_dir():
        pytest.skip(f"No sample data at {DATA}; SALON_DATA may name another folder.")
    return DATA
