from . import salon_checkout, salon_material
