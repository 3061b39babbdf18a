from . import (
    test_checkout,
    test_consumption,
    test_formulas,
    test_import,
    test_lots,
    test_recipe,
    test_rights,
    test_valuation,
)
