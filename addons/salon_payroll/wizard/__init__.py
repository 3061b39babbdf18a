from . import salon_commission_catch_up, salon_payslip_create
