from . import salon_commission_ledger, salon_demo, salon_income, salon_pay_run
