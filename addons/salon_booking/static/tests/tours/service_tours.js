import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("salon_manager_finds_a_service", {
    steps: () => [
        {
            content: "Choose a category in the tree",
            trigger: ".o_search_panel_label:contains(Hair of the Tour)",
            run: "click",
        },
        {
            content: "Its services have time and price",
            trigger:
                ".o_kanban_record:contains(Colour of the Tour):contains(90):contains(100)",
        },
        {
            content: "Other services are gone; open it",
            trigger:
                ".o_kanban_renderer:not(:contains(Shampoo)) .o_kanban_record:contains(Colour of the Tour)",
            run: "click",
        },
        {
            content: "In one phase she is free for somebody else",
            trigger: ".o_salon_phase.o_salon_phase_free:contains(35)",
        },
        {
            content: "Longer work",
            trigger:
                ".o_field_widget[name=salon_phase_ids] .o_data_row:first td[name=minutes]",
            run: "click",
        },
        {
            content: "Type it",
            trigger:
                ".o_field_widget[name=salon_phase_ids] .o_data_row:first td[name=minutes] input",
            run: "edit 40 && press Tab",
        },
        {
            content: "The picture of the phases follows",
            trigger: ".o_salon_phase_work:contains(40)",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        { content: "It is saved", trigger: ".o_form_saved" },
    ],
});
