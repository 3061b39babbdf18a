import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

/** Let the server work, but its answer to the first call of a method get lost. */
function loseAnswerOf(method) {
    const Request = browser.XMLHttpRequest;
    browser.XMLHttpRequest = class extends Request {
        open(verb, url) {
            this.url = url;
            super.open(verb, url);
        }

        addEventListener(type, listener) {
            super.addEventListener(type, (event) => {
                if (type === "load" && this.url.includes(method)) {
                    browser.XMLHttpRequest = Request;
                    this.dispatchEvent(new Event("error"));
                } else {
                    listener(event);
                }
            });
        }
    };
}

const open = [
    {
        trigger: "button:contains(Find a free time)",
        run: "click",
    },
    {
        trigger: ".modal .o_field_widget[name=product_id] input",
        run: "edit Haircut of the Tour",
    },
    {
        trigger: ".o-autocomplete--dropdown-item a:contains(Haircut of the Tour)",
        run: "click",
    },
];
const times = ".o_salon_slots_person[data-person=Mia] .o_salon_slot";
const booked = {
    content: "The visit opens",
    trigger:
        "body:not(:has(.modal)) .o_form_view .o_field_widget[name=appointment_ids]:contains(Haircut of the Tour)",
};

registry.category("web_tour.tours").add("salon_receptionist_clicks_twice", {
    steps: () => [
        ...open,
        {
            content: "A double click",
            trigger: times,
            run({ anchor }) {
                anchor.click();
                anchor.click();
            },
        },
        booked,
    ],
});

const lose = [
    ...open,
    {
        content: "The connection breaks after the booking",
        trigger: times,
        run: async ({ click }) => {
            loseAnswerOf("action_book");
            await click();
        },
    },
    {
        content: "She is told that she may click again",
        trigger: ".o_notification:contains(never booked twice)",
    },
];

registry.category("web_tour.tours").add("salon_receptionist_loses_an_answer", {
    steps: () => [
        ...lose,
        {
            content: "She clicks the same time again",
            trigger: `${times}:not([disabled])`,
            run: "click",
        },
        booked,
    ],
});

registry.category("web_tour.tours").add("salon_receptionist_clicks_another_time", {
    steps: () => [
        ...lose,
        {
            content: "She clicks another time",
            trigger: `${times}:not([disabled]):last`,
            run: "click",
        },
        {
            content: "She is told that there is a booking already",
            trigger: ".o_notification:contains(was booked by the first click)",
        },
        booked,
    ],
});
