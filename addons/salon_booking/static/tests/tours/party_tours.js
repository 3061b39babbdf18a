import { registry } from "@web/core/registry";

const guests = ".modal .o_field_widget[name=guest_ids]";

/** A guest with one service, in the list of the dialog. */
function addGuest(name, number) {
    const row = `${guests} .o_data_row:nth-child(${number}).o_selected_row`;
    return [
        {
            trigger: `${guests} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            trigger: `${row} [name=client_id] input`,
            run: `edit ${name}`,
        },
        {
            trigger: `.o-autocomplete--dropdown-item a:contains(${name})`,
            run: "click",
        },
        {
            trigger: `${row} [name=product_ids] input`,
            run: "edit Haircut of the Tour",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Haircut of the Tour)",
            run: "click",
        },
        {
            trigger: `${row} [name=product_ids] .o_tag`,
        },
    ];
}

registry.category("web_tour.tours").add("salon_receptionist_books_a_party", {
    steps: () => [
        {
            trigger: ".o_control_panel button:contains(Book a party)",
            run: "click",
        },
        {
            trigger: ".modal [name=client_id] input",
            run: "edit Clara of the Tour",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Clara of the Tour)",
            run: "click",
        },
        ...addGuest("Clara of the Tour", 1),
        ...addGuest("Wilma", 2),
        {
            trigger: ".modal button[name=action_search]",
            run: "click",
        },
        {
            content: "Times at which both can be served are there",
            trigger:
                ".modal .o_field_widget[name=offer_ids] .o_data_row button[name=action_book]:first",
            run: "click",
        },
        {
            content: "The party opens, with a visit of each guest",
            trigger:
                "body:not(:has(.modal)) .o_form_view .o_data_row:contains(Clara of the Tour)",
        },
        {
            trigger: ".o_form_view .o_data_row:contains(Wilma)",
        },
    ],
});
