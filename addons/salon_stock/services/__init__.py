from . import (
    salon_checkout,
    salon_demo,
    salon_import,
    salon_income,
    salon_material,
    salon_my_day,
)
