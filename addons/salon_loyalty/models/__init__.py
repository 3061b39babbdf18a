from . import (
    account_chart_template,
    account_move,
    loyalty_card,
    loyalty_history,
    loyalty_program,
    loyalty_reward,
    loyalty_rule,
    res_company,
    sale_order,
    sale_order_line,
    salon_loyalty_entry,
)
