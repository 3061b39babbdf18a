import { registry } from "@web/core/registry";

const row = ".o_data_row:contains(Clara of the Tour)";

registry.category("web_tour.tours").add("salon_receptionist_moves_who_was_hit", {
    steps: () => [
        {
            content:
                "Somebody is off: the booking in that time is listed with its reason",
            trigger: `${row}:contains(Mia: Time off)`,
        },
        {
            content: "The next times stand beside it; one click moves",
            trigger: `${row} .o_salon_proposal:contains(Oleg)`,
            run: "click",
        },
        {
            content: "Nothing is left to be moved",
            trigger: ".o_view_nocontent:contains(No booking is affected)",
        },
    ],
});
