import { registry } from "@web/core/registry";

const seats = ".o_field_widget[name=appointment_ids]";

registry.category("web_tour.tours").add("salon_receptionist_fills_a_class", {
    steps: () => [
        {
            trigger:
                ".o_data_row:contains(Workshop of the Tour) .o_data_cell[name=start]",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_join]",
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
            trigger: ".modal button[name=action_join]",
            run: "click",
        },
        {
            content: "She has the place, and one is left",
            trigger: `body:not(:has(.modal)) ${seats} .o_data_row:contains(Clara of the Tour)`,
        },
        {
            trigger: ".o_field_widget[name=seats_left]:contains(1)",
        },
        {
            content: "She comes in",
            trigger: `${seats} .o_data_row:contains(Clara of the Tour) button[name=action_came]`,
            run: "click",
        },
        {
            trigger: `${seats} .o_data_row:contains(Clara of the Tour) [name=state]:contains(Arrived)`,
        },
    ],
});

/** On a phone: the class is one entry of the day, its participants are cards. */
registry.category("web_tour.tours").add("salon_stylist_notes_attendance", {
    steps: () => [
        {
            content: "However many come, the class is one entry",
            trigger:
                ".o_salon_my_day_entry:only-of-type:contains(Workshop of the Tour):contains(2 of 2) .o_salon_my_day_open",
            run: "click",
        },
        {
            trigger: `${seats} .o_kanban_record:contains(Clara of the Tour) button[name=action_came]`,
            run: "click",
        },
        {
            trigger: `${seats} .o_kanban_record:contains(Clara of the Tour) [name=state]:contains(Arrived)`,
        },
        {
            trigger: `${seats} .o_kanban_record:contains(Wilma) button[name=action_absent]`,
            run: "click",
        },
        {
            trigger: `${seats} .o_kanban_record:contains(Wilma) [name=state]:contains(No-show)`,
        },
    ],
});
