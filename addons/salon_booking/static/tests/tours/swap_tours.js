import { registry } from "@web/core/registry";

const select = (client) => ({
    trigger: `.o_data_row:contains(${client}) .o_list_record_selector input`,
    run: "click",
});

registry.category("web_tour.tours").add("salon_receptionist_swaps_two", {
    steps: () => [
        select("Clara of the Tour"),
        select("Wilma"),
        {
            trigger: ".o_control_panel .o_cp_action_menus .dropdown-toggle",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .o-dropdown-item:contains(Swap)",
            run: "click",
        },
        {
            content: "What it will be is told before",
            trigger:
                ".modal .o_field_widget[name=after]:contains(Clara of the Tour):contains(Oleg)",
        },
        {
            trigger: ".modal button[name=action_swap]",
            run: "click",
        },
        {
            content: "The list shows it",
            trigger:
                "body:not(:has(.modal)) .o_data_row:contains(Clara of the Tour):contains(Oleg)",
        },
    ],
});
