import { registry } from "@web/core/registry";

/** The desk takes a deposit, and keeps it when the client cancels late. */
registry.category("web_tour.tours").add("salon_receptionist_keeps_a_deposit", {
    steps: () => [
        {
            trigger: ".o_form_view button[name=action_take_deposit]",
            run: "click",
        },
        {
            content: "What the rules ask is filled in",
            trigger: ".modal .o_field_widget[name=amount] input:value(22.00)",
        },
        {
            trigger: ".modal button[name=action_take]",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=deposit_state]:contains(Deposit paid)",
        },
        {
            trigger: ".o_form_view button[name=action_cancel]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit She is ill",
        },
        {
            content: "The fee is told before",
            trigger: ".modal .o_field_widget[name=fee]:contains(27.50)",
        },
        {
            trigger: ".modal button[name=action_cancel]",
            run: "click",
        },
        {
            content: "What is more than the deposit is left to pay",
            trigger: ".modal .o_field_widget[name=amount_due]:contains(5.50)",
        },
        {
            trigger: ".modal button[name=action_settle]",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=fee_state]:contains(Charged)",
        },
    ],
});
