from . import hr_leave, salon_refusal
