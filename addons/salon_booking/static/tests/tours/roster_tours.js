import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("salon_manager_makes_a_roster", {
    steps: () => [
        {
            content: "Everybody with a pattern is meant",
            trigger: ".modal button[name=action_generate]",
            run: "click",
        },
        {
            content: "What was made is listed as drafts, by person",
            trigger:
                "body:not(:has(.modal)) .o_list_view .o_group_header:contains(Mia)",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(Mia)",
        },
        {
            content: "All of them",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_selection_box",
        },
        {
            trigger: ".o_control_panel button[name=action_publish]",
            run: "click",
        },
        {
            content: "They are published",
            trigger:
                ".o_data_row:contains(Mia):not(:has([name=is_published] input:not(:checked)))",
        },
    ],
});

tours.add("salon_stylist_sees_her_roster", {
    steps: () => [
        {
            content: "Her own shift is in the week",
            trigger: ".o_data_row:contains(Mia)",
        },
        {
            content: "Nobody else's is",
            trigger: ".o_list_view:not(:contains(Oleg))",
        },
    ],
});
