import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const ready = {
    content: "The first screen is there",
    trigger: ".o_salon_front_desk_view",
};

const open = {
    content: "Open from anywhere by a key",
    trigger: ".o_salon_quick_systray",
    run: "press Alt+Shift+b",
};

tours.add("salon_quick_booking_by_keyboard", {
    steps: () => [
        ready,
        open,
        {
            content: "The client field is ready: type the beginnings of two words",
            trigger: ".o_salon_quick_client input:focus",
            run: "edit tour cla",
        },
        {
            content: "She is found, with the end of her number",
            trigger:
                ".o-autocomplete--dropdown-item .ui-state-active:contains(Clara of the Tour):contains(··3457)",
        },
        { trigger: ".o_salon_quick_client input:focus", run: "press Enter" },
        {
            content: "What she had last time is ready",
            trigger:
                ".o_salon_quick_again:focus:contains(Haircut of the Tour):contains(Mia)",
            run: "press Enter",
        },
        {
            content: "The free times of the day are ready, the first one first",
            trigger: ".o_salon_quick_time:first:focus",
            run: "press Enter",
        },
        {
            content: "End and price are shown",
            trigger: ".o_salon_quick_offer:contains(50.00):contains(Mia)",
        },
        { trigger: ".o_salon_quick_book:focus", run: "press Enter" },
        {
            content: "It is booked and the desk goes on with what it did",
            trigger:
                "body:not(:has(.o_salon_quick)) .o_notification:contains(Clara of the Tour)",
        },
    ],
});

tours.add("salon_quick_booking_new_client", {
    steps: () => [
        ready,
        {
            trigger: ".o_salon_quick_systray",
            run: "click",
        },
        {
            content: "A number that Clara has already",
            trigger: ".o_salon_quick_client input",
            run: "edit Dora",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains(New client: Dora)",
            run: "click",
        },
        {
            trigger: ".o_salon_quick_phone",
            run: "edit 0470 12 34 57",
        },
        {
            content: "is said before anybody is added twice",
            trigger: ".o_salon_quick_known:contains(Clara of the Tour)",
        },
        {
            content: "Her own number",
            trigger: ".o_salon_quick_phone",
            run: "edit 0470 99 88 77",
        },
        {
            trigger: ".o_salon_quick_client:not(:has(.o_salon_quick_known))",
        },
        {
            content: "A service by its category",
            trigger: ".o_salon_quick_categories button:contains(Hair)",
            run: "click",
        },
        {
            trigger: ".o_salon_quick_services button:contains(Blow-dry of the Tour)",
            run: "click",
        },
        {
            content: "With Oleg",
            trigger: ".o_salon_quick_staff",
            run: "selectByLabel Oleg",
        },
        {
            content: "Tomorrow",
            trigger: ".o_salon_quick_when button[title='Next day']",
            run: "click",
        },
        {
            content: "At a time that is taken: why, and what comes closest",
            trigger: ".o_salon_quick_clock",
            run({ anchor }) {
                anchor.value = "10:00";
                anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            trigger: ".o_salon_quick_why:contains(Oleg is busy)",
        },
        {
            trigger: ".o_salon_quick_time:contains(Oleg):first",
            run: "click",
        },
        {
            trigger: ".o_salon_quick_book:not(:disabled):focus",
            run: "click",
        },
        {
            trigger: "body:not(:has(.o_salon_quick)) .o_notification:contains(Dora)",
        },
    ],
});
