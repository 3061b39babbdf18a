from . import (
    account_move,
    hr_employee,
    res_company,
    res_config_settings,
    salon_commission,
    salon_pay_assignment,
    salon_pay_scheme,
    salon_payslip,
)
