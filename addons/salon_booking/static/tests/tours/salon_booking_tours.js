import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const choose = (field, text) => [
    {
        content: `Type ${text}`,
        trigger: `.modal .o_field_widget[name=${field}] input`,
        run: `edit ${text}`,
    },
    {
        content: `Choose ${text}`,
        trigger: `.o-autocomplete--dropdown-item a:contains("${text}")`,
        run: "click",
    },
];

tours.add("salon_receptionist_from_free_time_to_paid", {
    steps: () => [
        {
            content: "Look for a free time",
            trigger: "button:contains(Find a free time)",
            run: "click",
        },
        ...choose("client_id", "Clara of the Tour"),
        ...choose("product_id", "Haircut of the Tour"),
        {
            content: "Only those who can do it are offered, with minutes and price",
            trigger: ".o_salon_slots_person[data-person=Mia]:contains(45 min)",
        },
        {
            content: "No time is wished before one is typed",
            trigger: ".modal .o_field_widget[name=wished_time] input[placeholder=Time]",
            run() {
                if (this.anchor.value) {
                    throw new Error(`An empty wish reads ${this.anchor.value}`);
                }
            },
        },
        {
            content: "One click books",
            trigger: ".o_salon_slots_person[data-person=Mia] .o_salon_slot:first",
            run: "click",
        },
        {
            content: "The visit is there",
            trigger:
                ".o_form_view .o_field_widget[name=appointment_ids]:contains(Haircut of the Tour)",
        },
        {
            content: "She comes in",
            trigger: ".o_statusbar_buttons button[name=action_arrive]",
            run: "click",
        },
        {
            content: "She pays",
            trigger: ".o_statusbar_buttons button[name=action_checkout].btn-primary",
            run: "click",
        },
        {
            content: "55 are due and proposed",
            trigger: ".modal .o_field_widget[name=amount_total]:contains(55.00)",
        },
        {
            content: "She gives 100 in cash",
            trigger:
                ".modal .o_field_widget[name=tender_ids] .o_data_row td[name=amount]",
            run: "click",
        },
        {
            trigger:
                ".modal .o_field_widget[name=tender_ids] .o_data_row td[name=amount] input",
            run: "edit 100 && click .modal-title",
        },
        {
            content: "45 go back",
            trigger: ".modal .o_field_widget[name=amount_change]:contains(45.00)",
        },
        {
            trigger: ".modal button[name=action_checkout]",
            run: "click",
        },
        {
            content: "The desk is told what to give back",
            trigger: ".o_notification:contains(45.00)",
        },
        {
            content: "The visit is paid",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=payment_state]:contains(Paid)",
        },
    ],
});

tours.add("salon_receptionist_books_two_services", {
    steps: () => [
        {
            content: "Look for a free time",
            trigger: "button:contains(Find a free time)",
            run: "click",
        },
        ...choose("client_id", "Clara of the Tour"),
        ...choose("product_id", "Haircut of the Tour"),
        {
            content: "One service more",
            trigger: ".modal .o_salon_booking_lines a:contains(Add another service)",
            run: "click",
        },
        {
            content: "Type the second service",
            trigger:
                ".modal .o_salon_booking_lines .o_selected_row [name=product_id] input",
            run: "edit Blow-dry of the Tour",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(Blow-dry of the Tour)",
            run: "click",
        },
        {
            content: "Whole visits are offered; one click books",
            trigger:
                ".o_salon_visit_offer:contains(Haircut of the Tour):contains(Blow-dry of the Tour)",
            run: "click",
        },
        {
            content: "Both are in the visit",
            trigger:
                ".o_form_view .o_field_widget[name=appointment_ids]:contains(Haircut of the Tour):contains(Blow-dry of the Tour)",
        },
    ],
});

const card = ".o_kanban_record:contains(Clara of the Tour)";

tours.add("salon_stylist_works_through_her_day", {
    steps: () => [
        {
            content: "Her client is on the board",
            trigger: `.o_salon_front_desk_view ${card}`,
        },
        {
            content:
                "Her colleague's client is not, and nothing can be booked or billed",
            trigger:
                ".o_salon_front_desk_view:not(:has(.o_kanban_record:contains(Wilma))):not(:has(button[name=action_checkout]))",
        },
        { trigger: `${card} button[name=action_arrive]`, run: "click" },
        { trigger: `${card} button[name=action_start]`, run: "click" },
        { trigger: `${card} button[name=action_done]`, run: "click" },
        {
            content: "It is done",
            trigger: `.o_kanban_group:contains(Done) ${card}:not(:has(button))`,
        },
    ],
});

tours.add("salon_client_reads_own_visits", {
    steps: () => [
        {
            content: "The visits have a place in the portal",
            trigger: "a[href='/my/visits']:contains(Your visits)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Nobody else's are listed",
            trigger:
                "#wrap:contains(Haircut of the Tour):not(:contains(Blow-dry of the Tour))",
        },
        {
            trigger: "#wrap a:contains(Haircut of the Tour)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Time, service and person are told; what the team notes is not",
            trigger: "#wrap:contains(10:00):contains(Mia):not(:contains(Secret))",
        },
    ],
});

tours.add("salon_client_is_led_home", {
    steps: () => [
        {
            content: "Somebody else's visit is not shown",
            trigger: ".o_portal_my_home:not(:contains(Blow-dry of the Tour))",
        },
    ],
});

/** A picture as a phone would hand it over. */
async function takePhoto() {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 8;
    canvas.getContext("2d").fillRect(0, 0, 8, 8);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    const files = new window.DataTransfer();
    files.items.add(new File([blob], "before.png", { type: "image/png" }));
    const input = this.anchor.querySelector("input");
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

tours.add("salon_stylist_serves_on_the_phone", {
    steps: () => [
        {
            content:
                "Her day is what the app opens with; a colleague's client is not in it",
            trigger:
                ".o_salon_my_day:contains(Clara of the Tour):not(:contains(Wilma))",
        },
        {
            content: "She looks who comes",
            trigger:
                ".o_salon_my_day_entry[data-client='Clara of the Tour'] .o_salon_my_day_open",
            run: "click",
        },
        {
            content: "Neither phone nor mail of the client is told",
            trigger:
                ".o_salon_my_visit_inner:contains(Haircut of the Tour):not(:contains(470))",
        },
        {
            content: "A photo before",
            trigger: ".o_salon_my_day_photo_add:has(input[name=before])",
            run: takePhoto,
        },
        { trigger: ".o_salon_my_visit_photos img.o_salon_photo[alt=Before]" },
        {
            content: "The button of the next step stays at hand",
            trigger: ".o_salon_my_visit_bar button:contains(Start)",
            run: "click",
        },
        {
            content: "What to remember",
            trigger: "#o_salon_checkout_note",
            run: "edit Shorter at the neck && press Tab",
        },
        {
            trigger: ".o_salon_my_visit_bar button:contains(Finish)",
            run: "click",
        },
        {
            content: "Done; back to the day",
            trigger:
                ".o_salon_my_visit_inner:not(:has(.o_salon_my_visit_bar)) .o_salon_my_visit_service:contains(Done)",
        },
        { trigger: ".o_breadcrumb .o_back_button", run: "click" },
        {
            trigger:
                ".o_salon_my_day_entry[data-client='Clara of the Tour']:contains(Done):not(:has(.o_salon_my_day_step))",
        },
    ],
});
