import { registry } from "@web/core/registry";

const arrive = (name) => [
    {
        content: "Somebody walks in",
        trigger: ".o_control_panel_main_buttons button:contains(New):visible",
        run: "click",
    },
    {
        content: "A first name",
        trigger: ".modal .o_field_widget[name=name] input",
        run: `edit ${name}`,
    },
    {
        content: "and a service",
        trigger: ".modal .o_field_widget[name=product_ids] input",
        run: "edit Haircut of the Tour",
    },
    {
        trigger: ".o-autocomplete--dropdown-item a:contains(Haircut of the Tour)",
        run: "click",
    },
    {
        content: "say when and by whom, before anything is saved",
        trigger: ".modal .alert-info:contains(Expected at)",
    },
    {
        trigger: ".modal footer button.o_form_button_save",
        run: "click",
    },
    {
        trigger: `body:not(:has(.modal)) .o_salon_walk_ins .o_kanban_record:contains(${name})`,
    },
];

registry.category("web_tour.tours").add("salon_walk_in_from_door_to_chair", {
    steps: () => [
        { trigger: ".o_kanban_view" },
        ...arrive("Kenan"),
        ...arrive("Sofia of the Tour"),
        {
            content: "One click takes him",
            trigger:
                ".o_kanban_record:contains(Kenan) button[name=action_start].btn-primary",
            run: "click",
        },
        {
            content: "He is told by whom and leaves the queue",
            trigger: ".o_notification:contains(takes Kenan)",
        },
        {
            trigger: ".o_kanban_view:not(:has(.o_kanban_record:contains(Kenan)))",
        },
        {
            content: "She does not want to wait",
            trigger:
                ".o_kanban_record:contains(Sofia of the Tour) button[name=action_leave]",
            run: "click",
        },
        {
            trigger: ".modal .o_radio_item:contains(Changed) input",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_leave]",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_kanban_view:not(:has(.o_kanban_record:contains(Sofia of the Tour)))",
        },
    ],
});
