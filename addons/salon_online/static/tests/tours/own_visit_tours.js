import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const press = (content, trigger) => ({
    content,
    trigger,
    run: "click",
    expectUnloadPage: true,
});
const action = (text) => `.o_salon_own_actions a:contains('${text}')`;
const takeFirstTime = press(
    "Take the first time",
    ".o_salon_own_times li:first-child a",
);
const isCancelled = {
    content: "It is said",
    trigger: ".alert:contains('The visit is cancelled')",
};

tours.add("salon_client_changes_the_time", {
    steps: () => [
        press("Look at the visit and choose another time", action("Change the time")),
        press("Anybody will do", "a:contains('With anybody')"),
        press("Take the last time of the day", ".o_salon_own_times li:last-child a"),
        press("Agree to it", "button:contains('Yes, change')"),
        { content: "It is said", trigger: ".alert:contains('The new time is yours')" },
    ],
});

tours.add("salon_client_cancels", {
    steps: () => [
        {
            content: "What it costs is said before",
            trigger: ".alert:contains('Cancelling now costs nothing')",
        },
        press("Cancel", "button:contains('Yes, cancel')"),
        isCancelled,
    ],
});

tours.add("salon_client_cancels_late", {
    steps: () => [
        press("Look at the visit and cancel", action("Cancel")),
        {
            content: "What it costs is said before",
            trigger: ".alert:contains('Cancelling now costs'):contains('27.50')",
        },
        press("Agree to it", "button:contains('Cancel and pay the fee')"),
        isCancelled,
        { content: "The fee is written", trigger: ".card:contains('27.50')" },
    ],
});

// Two taps: a time, and yes.
tours.add("salon_client_books_the_same_again", {
    steps: () => [
        takeFirstTime,
        press("Book it", "button:contains('Yes, book')"),
        { content: "Booked", trigger: "h1:contains('It is booked')" },
    ],
});

tours.add("salon_host_of_a_party_changes_the_time", {
    steps: () => [
        {
            content: "Who comes along is named",
            trigger: "section:contains('Who comes along'):contains('Bella')",
        },
        press("Choose another time", action("Change the time")),
        takeFirstTime,
        { content: "Everybody comes along", trigger: "#everybody:checked" },
        press("Agree to it", "button:contains('Yes, change')"),
        { content: "It is said", trigger: ".alert:contains('The new time is yours')" },
    ],
});

tours.add("salon_client_pays_a_deposit", {
    steps: () => [
        press("Pay what is missing", "button:contains('Pay the deposit')"),
        {
            content: "The host's page asks for it",
            trigger:
                ".o_portal_payment, #o_payment_form, .o_payment_form, #wrap:contains('20.00')",
        },
    ],
});

tours.add("salon_client_looks_after_a_visit", {
    steps: () => [
        press("Open the coming one", ".list-group-item:contains('Haircut')"),
        press("Choose another time", action("Change the time")),
        takeFirstTime,
        press("Agree to it", "button:contains('Yes, change')"),
        { content: "It is said", trigger: ".alert:contains('The new time is yours')" },
        press("Cancel after all", action("Cancel")),
        press("Agree to it", "button:contains('Yes, cancel')"),
        isCancelled,
        press("Back to the list", ".breadcrumb a[href='/my/visits']"),
        {
            content: "The list knows",
            trigger: ".list-group-item:contains('Haircut'):contains('Cancelled')",
        },
    ],
});

tours.add("salon_client_reviews", {
    steps: () => [
        {
            content: "Five stars",
            trigger: "label[for=stars_0_5]",
            run: "click",
        },
        {
            content: "Words",
            trigger: "textarea[name=text]",
            run: "edit Lovely, as always",
        },
        {
            content: "Send it",
            trigger: "button:contains('Send')",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "Thanks", trigger: ".alert:contains('Thank you')" },
    ],
});

tours.add("salon_client_portal", {
    steps: () => [
        {
            content: "From the home of the portal to the salon",
            trigger: "a[href='/my/salon']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "What is written to me",
            trigger: ".o_salon_own a[href='/my/salon/messages']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "No reminders, please",
            trigger: "input[name=wanted_reminders]",
            run: "click",
        },
        {
            content: "Save",
            trigger: "button:contains('Save')",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "Saved", trigger: ".alert:contains('Saved')" },
        {
            content: "Back to the salon",
            trigger: ".breadcrumb a[href='/my/salon']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "To the visits",
            trigger: ".o_salon_own a[href='/my/visits']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Open the coming one",
            trigger: ".list-group-item:contains('Haircut')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Book the same again",
            trigger: ".o_salon_own_actions a:contains('Book the same again')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Take the first time",
            trigger: ".o_salon_own_times li:first-child a",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Book it",
            trigger: "button:contains('Yes, book')",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "Booked", trigger: "h1:contains('It is booked')" },
    ],
});
