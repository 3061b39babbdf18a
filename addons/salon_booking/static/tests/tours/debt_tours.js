import { registry } from "@web/core/registry";

/** From the visit, which warns of a debt, to the checkout without any payment. */
const leaveOpen = () => [
    {
        content: "The visit says what is owed, since when",
        trigger: ".o_form_view div[name=debt]:contains(Owes):contains(55)",
    },
    {
        trigger: ".o_form_view button[name=action_checkout]",
        run: "click",
    },
    {
        content: "So does the checkout",
        trigger: ".modal div[name=debt]:contains(Owes)",
    },
    {
        trigger: ".modal [name=tender_ids] .o_list_record_remove button",
        run: "click",
    },
    {
        trigger:
            ".modal:has(.o_field_widget[name=amount_due]:contains(55)) .o_field_widget[name=on_tab] input",
        run: "click",
    },
    {
        trigger: ".modal .o_field_widget[name=on_tab] input:checked",
    },
];

/** The desk cannot leave more open than the limit; it takes what is missing. */
registry.category("web_tour.tours").add("salon_receptionist_meets_the_limit", {
    steps: () => [
        ...leaveOpen(),
        {
            content: "Without the right there is nothing to lift the limit with",
            trigger: ".modal:not(:has([name=tab_reason] input))",
        },
        {
            trigger: ".modal button[name=action_checkout]",
            run: "click",
        },
        {
            trigger: ".modal:contains(the limit is):contains(70.00)",
        },
    ],
});

/** Whoever may says why it may stay open, and looks at the statement. */
registry.category("web_tour.tours").add("salon_manager_lifts_the_limit", {
    steps: () => [
        ...leaveOpen(),
        {
            trigger: ".modal .o_field_widget[name=tab_reason] input",
            run: "edit Pays on Friday",
        },
        {
            trigger: ".modal button[name=action_checkout]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_view div[name=debt]:contains(110)",
        },
    ],
});

/** From the list of debts to the account of the client. */
registry.category("web_tour.tours").add("salon_receptionist_reads_a_statement", {
    steps: () => [
        {
            trigger:
                ".o_data_row:contains(Clara of the Tour) button[name=action_statement]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=closing_debt]:contains(110)",
        },
        {
            trigger: ".o_form_view [name=line_ids] .o_data_row:contains(Bill)",
        },
    ],
});
