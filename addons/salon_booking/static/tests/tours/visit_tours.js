import { registry } from "@web/core/registry";

/** Press a button and wait for the paper that comes of it. */
const print = (name) => async () => {
    const papers = () =>
        performance
            .getEntriesByType("resource")
            .filter(({ name: url }) => url.includes("/report/download")).length;
    const before = papers();
    document.querySelector(`button[name=${name}]`).click();
    while (papers() === before) {
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
};

const lastRow = ".o_field_widget[name=appointment_ids] .o_data_row:last";

registry.category("web_tour.tours").add("salon_receptionist_prints_card_and_slip", {
    steps: () => [
        {
            content: "The card for the client",
            trigger: "button[name=action_print_visit_card]",
            run: print("action_print_visit_card"),
        },
        {
            content: "The slip for the stylist",
            trigger: "body:not(:has(.o_blockUI)) button[name=action_print_work_slip]",
            run: print("action_print_work_slip"),
        },
        {
            trigger: "body:not(:has(.o_blockUI)):not(:has(.o_error_dialog))",
        },
    ],
});

registry.category("web_tour.tours").add("salon_receptionist_adds_a_service", {
    steps: () => [
        {
            content: "The client wants more",
            trigger:
                ".o_field_widget[name=appointment_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".o_selected_row [name=product_id] input",
            run: "edit Blow-dry of the Tour",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Blow-dry of the Tour)",
            run: "click",
        },
        {
            content: "It is priced at once",
            trigger: ".o_selected_row [name=price]:contains(30)",
        },
        {
            trigger: ".o_selected_row [name=staff_id] input",
            run: "edit Oleg",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Oleg)",
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_status_indicator_buttons.invisible:not(:visible)",
        },
        {
            content: "It follows the first one",
            trigger: `${lastRow}:contains(Blow-dry of the Tour):contains(Oleg)`,
        },
    ],
});

registry.category("web_tour.tours").add("salon_receptionist_notes_on_the_visit", {
    steps: () => [
        {
            content: "What is booked, with whom and where",
            trigger:
                ".o_field_widget[name=appointment_ids] .o_data_row:contains(Haircut of the Tour):contains(Mia)",
        },
        {
            content: "The card and the slip are at hand",
            trigger: "button[name=action_print_visit_card]",
        },
        {
            trigger: "button[name=action_print_work_slip]",
        },
        {
            content: "What the team should know",
            trigger: ".o_notebook .nav-link[name=notes]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=note] textarea",
            run: "edit Comes with a small dog",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is kept",
            trigger: ".o_form_status_indicator_buttons.invisible:not(:visible)",
        },
    ],
});
