import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("salon_client_accepts_an_offer", {
    steps: () => [
        {
            trigger: "h3:contains(A time for you)",
        },
        {
            trigger: "button[type=submit]:contains(Accept)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "h3:contains(It is yours)",
        },
    ],
});
