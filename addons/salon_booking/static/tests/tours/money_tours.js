import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const field = (name) => `.modal .o_field_widget[name=${name}]`;
const cell = (list, row, name) =>
    `${field(list)} .o_data_row:nth-child(${row}) td[name=${name}]`;

/** Click into a cell of a list in the dialog and type. */
const fill = (list, row, name, text) => [
    { trigger: cell(list, row, name), run: "click" },
    {
        content: `${text} in row ${row}`,
        trigger: `${cell(list, row, name)} input`,
        run: `edit ${text} && click .modal-title`,
    },
];

/** Two tenders, a tip for each of two people, and a part on the tab. */
tours.add("salon_receptionist_splits_a_payment", {
    steps: () => [
        {
            trigger: ".o_form_view button[name=action_checkout].btn-primary",
            run: "click",
        },
        {
            content: "Both services are on the bill",
            trigger: `${field("amount_total")}:contains(88.00)`,
        },
        {
            content: "A tip for all",
            trigger: `${field("amount_tip")} input`,
            run: "edit 8 && click .modal-title",
        },
        {
            content: "It is shared by what each one did",
            trigger: `${field("tip_ids")} .o_data_row:contains(Mia):contains(5.00)`,
        },
        { trigger: `${field("tip_ids")} .o_data_row:contains(Oleg):contains(3.00)` },
        {
            content: "The one tender follows",
            trigger: `${field("tender_ids")} .o_data_row:contains(96.00)`,
        },
        ...fill("tender_ids", 1, "amount", "40"),
        {
            content: "The rest by card",
            trigger: `${field("tender_ids")} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            trigger: `${cell("tender_ids", 2, "journal_id")} input`,
            run: "edit Card of the Tour",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Card of the Tour)",
            run: "click",
        },
        {
            trigger: `${cell("tender_ids", 2, "amount")} input`,
            run: "edit 36 && click .modal-title",
        },
        {
            content: "Twenty go on the tab, and the desk sees it",
            trigger: `${field("amount_due")}:contains(20.00)`,
        },
        {
            content: "A debt is a choice",
            trigger: `${field("on_tab")} input`,
            run: "click",
        },
        { trigger: ".modal button[name=action_checkout]", run: "click" },
        {
            content: "The visit is partly paid",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=payment_state]:contains(Partly paid)",
        },
    ],
});

/** One of two lines goes back, with nothing of the other. */
tours.add("salon_manager_refunds_one_line", {
    steps: () => [
        { trigger: ".o_form_view button[name=action_refund]", run: "click" },
        {
            content: "Both lines are proposed",
            trigger: `${field("line_ids")} .o_data_row:nth-child(2)`,
        },
        {
            trigger: `${field("reason")} input`,
            run: "edit Not as wished",
        },
        ...fill("line_ids", 1, "amount", "0"),
        {
            content: "What goes back follows",
            trigger: `${field("amount_due")}:contains(33.00)`,
        },
        {
            trigger: `${field("tender_ids")} .o_data_row:contains(33.00)`,
        },
        { trigger: ".modal button[name=action_refund]", run: "click" },
        {
            content: "What is left on the visit is what was kept",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=amount_total]:contains(55.00)",
        },
    ],
});
