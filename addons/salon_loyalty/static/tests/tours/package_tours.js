import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const field = (name) => `.modal .o_field_widget[name=${name}]`;
const checkout = [
    {
        trigger: ".o_form_view button[name=action_checkout].btn-primary",
        run: "click",
    },
];

/** Sold beside a service, like any product. */
tours.add("salon_receptionist_sells_a_package", {
    steps: () => [
        ...checkout,
        {
            content: "The service is on the bill",
            trigger: `${field("line_ids")} .o_data_row:contains(Haircut)`,
        },
        {
            trigger: `${field("line_ids")} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            trigger: `${field("line_ids")} .o_selected_row [name=product_id] input`,
            run: "edit Package of the Tour",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Package of the Tour)",
            run: "click",
        },
        {
            content: "Its price is on the bill",
            trigger: `${field("line_ids")} .o_selected_row [name=product_id]`,
            run: "click .modal-title",
        },
        { trigger: `${field("amount_total")}:contains(155.00)` },
        { trigger: `${field("tender_ids")} .o_data_row:contains(155.00)` },
        { trigger: ".modal button[name=action_checkout]", run: "click" },
        {
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=payment_state]:contains(Paid)",
        },
    ],
});

/** It is proposed at the next checkout, and nothing is left to pay. */
tours.add("salon_receptionist_uses_a_package", {
    steps: () => [
        ...checkout,
        {
            content: "The desk need not ask for it",
            trigger: `${field("line_ids")} td[name=credit_id]:contains(2 of 2 left)`,
        },
        {
            content: "It pays for the whole service",
            trigger: `${field("amount_loyalty")}:contains(55.00)`,
        },
        { trigger: ".modal button[name=action_checkout]", run: "click" },
        {
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=payment_state]:contains(Paid)",
        },
    ],
});

/** What is left of it goes back by its value. */
tours.add("salon_manager_refunds_a_package", {
    steps: () => [
        {
            content: "One of two is used",
            trigger: ".o_form_view .o_field_widget[name=amount_owed]:contains(50.00)",
        },
        { trigger: ".o_form_view button[name=action_refund]", run: "click" },
        {
            content: "What is left, and nothing of the service beside it",
            trigger: `${field("amount_due")}:contains(50.00)`,
        },
        { trigger: `${field("tender_ids")} .o_data_row:contains(50.00)` },
        { trigger: `${field("reason")} input`, run: "edit Moves away" },
        { trigger: ".modal button[name=action_refund]", run: "click" },
        {
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=amount_owed]:contains(0.00)",
        },
    ],
});
