from . import (
    test_commission,
    test_commission_refund,
    test_pay_rights,
    test_pay_scheme,
    test_payslip,
    test_payslip_posting,
    test_performance,
)
