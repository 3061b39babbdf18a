import { registry } from "@web/core/registry";

const pays = "button[name=action_checkout].btn-primary";
const modal = ".modal .o_salon_checkout";
const tenders = `${modal} .o_field_widget[name=tender_ids]`;

registry.category("web_tour.tours").add("salon_receptionist_pays_by_enter", {
    steps: () => [
        {
            trigger: `.o_statusbar_buttons ${pays}`,
            run: "click",
        },
        {
            content: "All is proposed; the button has the focus",
            trigger: `.modal:has(.o_field_widget[name=amount_total]:contains(55.00)) ${pays}:focus`,
            run: "press Enter",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=payment_state]:contains(Paid)",
        },
    ],
});

registry.category("web_tour.tours").add("salon_receptionist_checks_out_a_family", {
    steps: () => [
        {
            trigger: `.o_statusbar_buttons ${pays}`,
            run: "click",
        },
        {
            content: "Wilma is here, too",
            trigger: `${modal}:has([name=family_names]:contains(Wilma)) button[name=action_add_family]`,
            run: "click",
        },
        {
            content: "Both are on the bill",
            trigger: `${modal}:has(.o_field_widget[name=amount_total]:contains(88.00)) .o_field_widget[name=amount_tip] input`,
            run: "edit 12 && press Tab",
        },
        {
            content: "A part in cash",
            trigger: `${tenders}:contains(100.00) .o_data_row td[name=amount]`,
            run: "click",
        },
        {
            trigger: `${tenders} .o_data_row td[name=amount] input`,
            run: "edit 70 && press Tab",
        },
        {
            content: "The rest is a choice",
            trigger: `${modal}:has(.o_field_widget[name=amount_due]:contains(30.00)) .o_field_widget[name=on_tab] input`,
            run: "click",
        },
        {
            trigger: `${modal} .o_field_widget[name=on_tab] input:checked`,
            run: "press Control+Enter",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=payment_state]:contains(Partly)",
        },
    ],
});
