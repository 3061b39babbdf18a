"""A hair salon's old desk software, as CSV files without durations and tenders.

Files: services, products, bookings (not cancelled ones), cancellations, no-shows and
receipts by line, with GST and PST.
"""

from decimal import Decimal

from .rows import SERVICE, Item, Phase, Tax
from .source import Layout, Source

#: (words in the description, minutes of work, minutes of processing), the first that
#: fits. The export has no durations. Work is what its stylists usually left between
#: the start of this service and their next booking; with processing it is what they
#: usually left before the same client's next service.
USUAL_MINUTES = (
    ("consultation", 20, 0),
    ("fringe", 15, 0),
    ("neck trim", 15, 0),
    ("men's camo", 20, 0),
    ("women's hair cut", 60, 0),
    ("men's hair cut", 50, 0),
    ("children", 40, 0),
    ("blow dry", 45, 0),
    ("blowdry", 45, 0),
    ("updo", 60, 0),
    ("extensions", 120, 0),
    ("smoothing", 140, 0),
    ("smart bond", 20, 0),
    ("treatment", 20, 0),
    ("toner", 20, 0),
    ("mini touch up", 30, 15),
    ("touch up", 30, 30),
    ("correction", 120, 30),
    ("double process", 30, 60),
    ("full color", 40, 40),
    ("balayage", 90, 30),
    ("full highlights", 90, 30),
    ("highlights full", 80, 30),
    ("half head and color", 90, 30),
    ("half head", 60, 30),
    ("partial", 50, 30),
    ("accent lights", 50, 40),
    ("color", 30, 30),
)
USUAL_BY_CATEGORY = {"COLOR": (30, 30), "STYLE": (45, 0), "MISC": (20, 0)}


class TorontoSalon(Source):
    name = "toronto_salon"
    label = "Hair salon, CSV files with GST and PST"
    tz = "America/Toronto"
    date_formats = ("%m/%d/%Y",)
    time_formats = ("%I:%M:%S %p", "%I:%M %p")
    house_codes = frozenset({"HOUSE"})
    taxes = (Tax("GST", Decimal(5)), Tax("PST", Decimal(8)))
    # The one service that has no description either; the salon's own totals count
    # such lines as services.
    blank_item = Item(SERVICE, "F&F")
    layouts = (
        Layout(
            "services",
            {
                "active": "IsActive",
                "code": "Code",
                "name": "Desc",
                "category": "Cate",
                "price": "Price",
                "cost": "Cost",
            },
        ),
        Layout(
            "products",
            {
                "active": "IsActive",
                "code": "Code",
                "name": "Description",
                "supplier": "Supplier",
                "brand": "Brand",
                "category": "Category",
                "price": "Price",
                "on_hand": "On Hand",
                "minimum": "Minimum",
                "maximum": "Maximum",
                "cost": "Cost",
            },
        ),
        Layout(
            "receipts",
            {
                "number": "Receipt",
                "date": "Date",
                "description": "Description",
                "client": "Client",
                "staff": "Staff",
                "quantity": "Quantity",
                "amount": "Amount",
                "GST": "GST",
                "PST": "PST",
            },
        ),
        Layout(
            "bookings",
            {
                "client": "Code",
                "staff": "Staff",
                "service": "Service",
                "date": "Date",
                "time": "Time",
                "minute_of_day": "TimeInt",
            },
        ),
        Layout(
            "cancellations",
            {
                "cancelled_on": "Cancel Date",
                "client": "Code",
                "service": "Service",
                "staff": "Staff",
                "date": "Booking Date",
                "cancelled_by": "Canceled By",
                "notice": "Days",
            },
        ),
        Layout(
            "no_shows",
            {"date": "Date", "client": "Code", "service": "Service", "staff": "Staff"},
        ),
    )

    def phases(self, code, name, category):
        described = name.casefold()
        for words, work, processing in USUAL_MINUTES:
            if words in described:
                return _phases(work, processing)
        return _phases(*USUAL_BY_CATEGORY.get(category, (30, 0)))


def _phases(work: int, processing: int) -> tuple[Phase, ...]:
    phases = (Phase("work", work),)
    return (*phases, Phase("processing", processing)) if processing else phases
