import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("salon_manager_finds_a_substitute", {
    steps: () => [
        {
            trigger: ".o_form_view button[name=action_substitute]",
            run: "click",
        },
        {
            content: "Who is free is listed with the bookings each could do",
            trigger:
                ".modal [name=candidate_ids] .o_data_row:contains(Oleg) button[name=action_choose]",
            run: "click",
        },
        {
            trigger:
                ".modal [name=booking_ids] .o_data_row:contains(Clara of the Tour)",
        },
        {
            trigger: ".modal button[name=action_hand_over]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});
