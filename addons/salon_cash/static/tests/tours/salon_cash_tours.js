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

registry.category("web_tour.tours").add("salon_accountant_goes_from_income_to_entry", {
    steps: () => [
        {
            content: "The branch and what it earned",
            trigger: `${field("line_ids")} .o_data_row:contains(Test Branch):contains(50.00)`,
        },
        {
            trigger: `.o_form_saved ${field("line_ids")} .o_data_row:contains(Test Branch) button[name=action_open_facts]`,
            run: "click",
        },
        {
            content: "What that is made of",
            trigger: ".o_list_view .o_data_row .o_data_cell:contains(Haircut)",
            run: "click",
        },
        {
            content: "The bill",
            trigger: `.o_form_view ${field("partner_id")}:contains(Anna)`,
        },
        {
            trigger: ".o_form_view a[name=aml_tab]",
            run: "click",
        },
        {
            content: "And its entry: income without tax",
            trigger: `${field("line_ids")} .o_data_row:contains(Haircut):contains(50.00)`,
        },
    ],
});

registry.category("web_tour.tours").add("salon_manager_goes_from_profit_to_item", {
    steps: () => [
        {
            content: "Income stands first, the result at the end",
            trigger: `${field("line_ids")} .o_data_row:first:contains(Income)`,
        },
        {
            trigger: `.o_form_saved ${field("line_ids")} .o_data_row:last:contains(Result) button[name=action_open_items]`,
            run: "click",
        },
        {
            content: "What it is made of",
            trigger: ".o_list_view .o_data_row .o_data_cell:contains(Haircut)",
        },
        {
            content: "Branches side by side",
            trigger: ".o_switch_view.o_pivot",
            run: "click",
        },
        {
            trigger: ".o_pivot th:contains(Test Branch)",
        },
        {
            content: "Back at the statement it can be printed and downloaded",
            trigger: ".o_breadcrumb a:contains(Profit and Loss)",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_download]",
        },
    ],
});

registry.category("web_tour.tours").add("salon_accountant_settles_a_terminal", {
    steps: () => [
        {
            content: "The bank has paid out",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: `${field("journal_id")} input`,
            run: "edit Terminal of the Tour",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Terminal of the Tour)",
            run: "click",
        },
        {
            content: "What was taken, and the fee of the ticket",
            trigger: `${field("ticket_ids")} .o_data_row:contains(55.00):contains(0.60)`,
        },
        {
            content: "So much comes in",
            trigger: `${field("amount_net")}:contains(54.40)`,
        },
        {
            trigger: "button[name=action_post]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Posted)",
        },
        {
            content: "The entry is one click away",
            trigger: "button[name=action_open_entry]",
            run: "click",
        },
        {
            trigger: ".o_breadcrumb:contains(TCARD), .o_form_view:contains(TCARD)",
        },
    ],
});
