from base64 import b64encode

from odoo import api, models
from odoo.tools import file_open

STAFF = (
    "mia leyla oleg deniz nina aylin elif tom sara jonas camille lale amina ivana noah "
    "sofia murad petra defne viggo"
).split()
#: What hangs where: picture → names of demo records.
PICTURES = {
    "scissors": (
        "service_haircut_women service_haircut_men service_fringe category_hair"
    ),
    "comb": "service_haircut_kids service_updo",
    "dryer": "service_blowdry",
    "razor": "service_beard service_shave service_cut_beard category_barber",
    "colour": (
        "service_colour service_roots service_balayage service_highlights "
        "service_keratin service_gloss service_patch_test category_colour"
    ),
    "nails": (
        "service_manicure service_gel_manicure service_nail_art service_paraffin "
        "category_nails"
    ),
    "foot": "service_pedicure service_medical_pedicure",
    "eye": (
        "service_brows service_brow_lamination service_brow_workshop "
        "service_lash_lift category_face"
    ),
    "face": "service_facial",
    "lips": "service_makeup category_makeup",
    "stones": (
        "service_massage service_hot_stone service_back_massage service_scalp "
        "category_spa"
    ),
    "hammam": "service_hammam",
    "bride": "service_bridal",
    "talk": "service_colour_advice",
    "bottle": (
        "product_shampoo product_conditioner product_hair_oil product_styling_spray "
        "product_beard_balm product_cuticle_oil product_face_cream category_retail"
    ),
}
#: What came out of a service: picture → names of demo records.
COLOURED = {
    "copper": "service_colour service_roots",
    "blonde": "service_balayage service_highlights",
    "brown": "service_gloss service_keratin",
}


class SalonDemo(models.AbstractModel):
    """Faces of the team and pictures of what the demo salon offers."""

    _inherit = "salon.demo"

    @api.model
    def _hang_pictures(self):
        for name in STAFF:
            self._ref(f"staff_{name}").image_1920 = self._picture(f"staff_{name}")
        self._ref("user_stylist").image_1920 = self._picture("staff_mia")
        for picture, names in PICTURES.items():
            image = self._picture(f"service_{picture}")
            for name in names.split():
                record = self._ref(name)
                field = "salon_image" if name.startswith("category") else "image_1920"
                record[field] = image

    @api.model
    def _take_photos(self):
        """Before and after for who had her hair coloured lately; some may be shown."""
        looks = {
            self._ref(name): look
            for look, names in COLOURED.items()
            for name in names.split()
        }
        appointments = self.env["salon.appointment"].search(
            [
                ("state", "=", "done"),
                ("client_id", "!=", False),
                ("product_id.product_tmpl_id", "in", [each.id for each in looks]),
            ],
            order="start desc, id",
        )
        self.env["salon.photo"].create(
            [
                {
                    "visit_id": appointment.visit_id.id,
                    "appointment_id": appointment.id,
                    "moment": moment,
                    "image": self._picture(f"photo_{look}"),
                    "consent": "internal" if number % 3 else "public",
                    "user_id": appointment.staff_id.user_id.id or self.env.uid,
                }
                for number, appointment in enumerate(appointments)
                for moment, look in (
                    ("before", "before"),
                    ("after", looks[appointment.product_id.product_tmpl_id]),
                )
            ]
        )

    @api.model
    def _picture(self, name):
        with file_open(f"salon_booking/static/img/demo/{name}.svg", "rb") as file:
            return b64encode(file.read())
