import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("salon_receptionist_puts_on_the_waitlist", {
    steps: () => [
        {
            trigger: "button:contains(Find a free time)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=client_id] input",
            run: "edit Clara of the Tour",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Clara of the Tour)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=product_id] input",
            run: "edit Haircut of the Tour",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Haircut of the Tour)",
            run: "click",
        },
        {
            content: "Nothing is free in all these days",
            trigger:
                ".o_salon_slots:contains(Nothing is free):not(:has(.o_salon_slot))",
        },
        {
            trigger: ".modal button[name=action_waitlist]",
            run: "click",
        },
        {
            content: "She waits for what was searched",
            trigger:
                "body:not(:has(.modal)) .o_arrow_button_current[data-value=waiting]",
        },
        {
            trigger: ".o_field_widget[name=product_ids]:contains(Haircut of the Tour)",
        },
        {
            content: "Any time of day is an empty field, not midnight",
            trigger:
                ".o_field_widget[name=wish_ids] .o_data_row:not(:contains(00:00)):not(:contains(24:00))",
        },
    ],
});

tours.add("salon_receptionist_hears_yes", {
    steps: () => [
        {
            content: "What became free is offered to her",
            trigger:
                ".o_data_row:contains(Clara of the Tour):contains(Offered) .o_data_cell[name=client_id]",
            run: "click",
        },
        {
            content: "She says yes on the phone",
            trigger: ".o_form_view button[name=action_accept]",
            run: "click",
        },
        {
            content: "The visit that was booked opens",
            trigger:
                ".o_field_widget[name=appointment_ids]:contains(Haircut of the Tour)",
        },
    ],
});
