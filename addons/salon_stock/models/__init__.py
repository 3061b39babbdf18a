from . import (
    account_chart_template,
    account_move_line,
    product_template,
    res_company,
    salon_material_mixin,
    salon_recipe,
    salon_consumption,
    salon_appointment,
    salon_branch,
    sale_order,
    stock_move,
    stock_picking,
)
