from . import (
    test_commission,
    test_card_fees,
    test_commission_refund,
    test_fixed_and_fees,
    test_pay_rights,
    test_pay_scheme,
    test_payslip,
    test_payslip_posting,
    test_payslip_tips,
    test_performance,
)
