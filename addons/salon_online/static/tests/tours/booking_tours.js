import { registry } from "@web/core/registry";

// Whoever books on a small phone moves the page up and down, never sideways.
const staysInside = {
    content: "Nothing is wider than the phone",
    trigger: ".o_salon_online",
    run() {
        const { scrollWidth } = document.documentElement;
        if (scrollWidth > window.screen.width) {
            throw new Error(
                `The page is ${scrollWidth} of ${window.screen.width} wide`,
            );
        }
    },
};

const tours = registry.category("web_tour.tours");
const chooseService = {
    trigger: ".o_salon_service:contains('Haircut of the Tour') .o_salon_row",
    run: "click",
};
const goOn = {
    trigger: ".o_salon_go:not([disabled]):contains('Continue')",
    run: "click",
    expectUnloadPage: true,
};
const takeTime = { trigger: ".o_salon_slot", run: "click", expectUnloadPage: true };
const tellName = [
    { trigger: "#salon_name", run: "edit Clara of the Tour" },
    { trigger: "#salon_phone", run: "edit +32 470 99 88 77" },
];
const timeIsKept = { trigger: ".o_salon_kept:contains('Kept for you')" };
const book = {
    trigger: ".o_salon_go:contains('Book')",
    run: "click",
    expectUnloadPage: true,
};

tours.add("salon_online_first_booking", {
    steps: () => [
        staysInside,
        chooseService,
        { trigger: ".o_salon_count:contains('1 service')" },
        goOn,
        staysInside,
        { trigger: ".o_salon_person:contains('Mia')", run: "click" },
        { trigger: ".o_salon_person[aria-current]:contains('Mia')" },
        takeTime,
        timeIsKept,
        staysInside,
        ...tellName,
        book,
        { trigger: ".o_salon_done:contains('It is yours until')" },
        staysInside,
        {
            trigger: ".o_salon_done:contains('You are booked') .o_salon_pay",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_portal_payment, #o_payment_form, #wrap:contains('16.50')" },
    ],
});

tours.add("salon_online_group_booking", {
    steps: () => [
        chooseService,
        {
            trigger: ".o_salon_add_guest.o_shown",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_salon_title:contains('guest 2')" },
        chooseService,
        { trigger: ".o_salon_count:contains('2 services')" },
        goOn,
        takeTime,
        timeIsKept,
        ...tellName,
        { trigger: "#guest2", run: "edit Dora of the Tour" },
        book,
        { trigger: ".o_salon_done .o_salon_card:nth-of-type(3)" },
    ],
});

tours.add("salon_online_class", {
    steps: () => [
        {
            trigger:
                ".o_salon_service:contains('Yoga of the Tour') .o_salon_row:contains('Group')",
            run: "click",
        },
        goOn,
        staysInside,
        { ...takeTime, trigger: ".o_salon_slot:contains('3 left')" },
        timeIsKept,
        ...tellName,
        book,
        { trigger: ".o_salon_done:contains('Yoga of the Tour')" },
    ],
});

tours.add("salon_online_waitlist", {
    steps: () => [
        chooseService,
        goOn,
        {
            trigger: "a:contains('Join the waitlist')",
            run: "click",
            expectUnloadPage: true,
        },
        staysInside,
        ...tellName,
        {
            trigger: ".o_salon_go:contains('Join the waitlist')",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_salon_title:contains('You are on the waitlist')" },
    ],
});
