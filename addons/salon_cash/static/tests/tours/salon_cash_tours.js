import { registry } from "@web/core/registry";

const field = (name) => `.o_field_widget[name=${name}]`;

registry.category("web_tour.tours").add("salon_receptionist_keeps_a_cash_day", {
    steps: () => [
        {
            trigger: "button:contains(Open a till)",
            run: "click",
        },
        {
            content: "Two notes of a hundred",
            trigger: ".modal .o_data_row:first .o_data_cell[name=quantity]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:first [name=quantity] input",
            run: "edit 2 && press Tab",
        },
        {
            trigger: `.modal ${field("amount_total")}:contains(200.00)`,
        },
        {
            trigger: ".modal button[name=action_open]",
            run: "click",
        },
        {
            content: "Milk is bought",
            trigger: ".o_form_view button[name=action_cash_out]",
            run: "click",
        },
        {
            trigger: `.modal ${field("reason_id")} input`,
            run: "edit Small",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Small purchase)",
            run: "click",
        },
        {
            trigger: `.modal ${field("amount")} input`,
            run: "edit 12.50",
        },
        {
            trigger: `.modal ${field("note")} input`,
            run: "edit Milk of the Tour",
        },
        {
            trigger: ".modal button[name=action_take]:contains(Cash out)",
            run: "click",
        },
        {
            content: "The order says it in words",
            trigger: `${field("amount_words")}:contains(Twelve dollars, fifty cents)`,
        },
        {
            trigger: `${field("day_id")} a`,
            run: "click",
        },
        {
            content: "So much should be there",
            trigger: `${field("amount_expected")}:contains(187.50)`,
        },
        {
            trigger: "button[name=action_count]",
            run: "click",
        },
        {
            content: "One note of a hundred is left",
            trigger: `${field("closing_count_ids")} .o_data_row:first .o_data_cell[name=quantity]`,
            run: "click",
        },
        {
            trigger: `${field("closing_count_ids")} .o_data_row:first [name=quantity] input`,
            run: "edit 1 && press Tab",
        },
        {
            trigger: `${field("amount_in_count")}:contains(100.00)`,
        },
        {
            trigger: "button[name=action_close]",
            run: "click",
        },
        {
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Closed, with what is left for the next day",
            trigger: `${field("amount_left")}:contains(100.00)`,
        },
        {
            trigger: "button:contains(Closing report)",
        },
    ],
});
