import { Interaction } from "@web/public/interaction";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { clockOf, isOtherZone, money, sumOf } from "./figures";

/** Shows the total of what is ticked while services are chosen. */
export class SalonServices extends Interaction {
    static selector = ".o_salon_services";
    dynamicContent = {
        "input[type=checkbox]": { "t-on-change": this.onTick },
        ".o_salon_go": { "t-att-disabled": () => !this.sum.count },
        ".o_salon_add_guest": {
            "t-att-class": () => ({ o_shown: this.sum.count > 0 }),
        },
        ".o_salon_count": { "t-out": () => this.countLabel },
        ".o_salon_total": { "t-out": () => this.totalLabel },
    };

    setup() {
        this.root = this.el.closest(".o_salon_online");
        this.total = this.el.querySelector(".o_salon_total").dataset;
        this.others = this.el.querySelectorAll("input[type=hidden][name^=p]").length;
        this.addUp();
    }

    get countLabel() {
        const { count } = this.sum;
        if (count > 1) {
            return _t("%s services", count);
        }
        return count ? _t("1 service") : _t("Nothing chosen yet");
    }

    get totalLabel() {
        const { count, low, high } = this.sum;
        if (!count) {
            return "";
        }
        const more = Number(this.total.more || 0);
        const lang = document.documentElement.lang;
        const label = money(low + more, this.root.dataset, lang);
        return high > low ? _t("from %s", label) : label;
    }

    onTick(ev) {
        const input = ev.currentTarget;
        const service = input.closest(".o_salon_service");
        if (!input.checked && input.matches(".o_salon_check")) {
            for (const addon of service.querySelectorAll(".o_salon_addons input")) {
                addon.checked = false;
            }
        }
        const isGroup = input.dataset.group;
        if (input.checked && input.matches(".o_salon_check")) {
            // A group meets at its own time: it is booked alone.
            for (const other of this.el.querySelectorAll(
                "input[type=checkbox]:checked",
            )) {
                const isAlone = isGroup || other.dataset.group;
                if (other !== input && isAlone && !service.contains(other)) {
                    other.checked = false;
                }
            }
        }
        this.addUp();
    }

    addUp() {
        const ticked = this.el.querySelectorAll("input[type=checkbox]:checked");
        this.sum = sumOf(
            [...ticked].map((input) => input.dataset),
            this.others,
        );
    }
}

/** Says that the visitor's clock is another one than that of the branch. */
export class SalonZone extends Interaction {
    static selector = ".o_salon_zone";
    dynamicContent = { _root: { "t-att-class": () => ({ "d-none": !this.isOther }) } };

    setup() {
        const { tz } = this.el.closest(".o_salon_online").dataset;
        this.isOther = isOtherZone(tz, new Date());
    }
}

/** Changes day or person without loading the whole page again. */
export class SalonTimes extends Interaction {
    static selector = ".o_salon_times";
    dynamicContent = {
        ".o_salon_people a, .o_salon_days a, .o_salon_page": {
            "t-on-click.prevent": this.locked(this.onFollow, true),
        },
    };

    async onFollow(ev) {
        const url = ev.currentTarget.href;
        let text = "";
        try {
            const answer = await this.waitFor(fetch(url));
            text = await this.waitFor(answer.text());
        } catch {
            // Without the network the browser says so better than we could.
        }
        const page = new DOMParser().parseFromString(text, "text/html");
        const times = page.querySelector(".o_salon_times");
        if (!times) {
            window.location.assign(url);
            return;
        }
        history.replaceState(null, "", url);
        const side = document.querySelector(".o_salon_side");
        side?.replaceWith(page.querySelector(".o_salon_side"));
        const parent = this.el.parentElement;
        const services = this.services["public.interactions"];
        this.el.replaceWith(times);
        services.startInteractions(parent);
        parent.querySelector("[aria-current=date]")?.focus({ preventScroll: true });
    }
}

/** Keeps the chosen time while the form is filled. */
export class SalonDetails extends Interaction {
    static selector = ".o_salon_details";
    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
        _window: { "t-on-pagehide": this.onLeave },
        ".o_salon_kept": { "t-out": () => this.keptLabel },
    };

    setup() {
        this.plain = this.el.querySelector(".o_salon_kept").textContent;
    }

    async willStart() {
        await this.hold();
    }

    start() {
        this.timer = setInterval(() => this.updateContent(), 1000);
        this.registerCleanup(() => clearInterval(this.timer));
    }

    get keptLabel() {
        if (!this.until) {
            return this.plain;
        }
        const left = Math.round((this.until - Date.now()) / 1000);
        return left > 0
            ? _t("Kept for you: %s", clockOf(left))
            : _t("Not kept any more");
    }

    async hold() {
        try {
            const body = new FormData(this.el);
            const answer = await fetch(this.el.dataset.hold, { method: "POST", body });
            if (!answer.ok) {
                return;
            }
            const { seconds } = await answer.json();
            if (!seconds) {
                window.location.replace(this.el.dataset.again);
                return;
            }
            this.until = Date.now() + seconds * 1000;
        } catch {
            // The time is looked for again when it is booked.
        }
    }

    onSubmit(ev) {
        if (this.isSent) {
            ev.preventDefault();
        }
        this.isSent = true;
    }

    onLeave() {
        if (!this.isSent && this.until) {
            const body = new FormData();
            body.append("csrf_token", this.el.elements.csrf_token.value);
            navigator.sendBeacon(this.el.dataset.release, body);
        }
        // Back from the next page by the browser's button: try again.
        this.isSent = false;
    }
}

/**
 * A captcha of the host sends the form by itself, and so without the button that was
 * pressed: what that one says goes along in a field.
 */
export class SalonCaptcha extends Interaction {
    static selector = ".o_salon_online form[data-captcha]";
    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
        _window: { "t-on-pagehide": this.onLeave },
    };

    onSubmit(ev) {
        this.pressed?.remove();
        const { name, value } = ev.submitter || {};
        if (name) {
            this.pressed = document.createElement("input");
            Object.assign(this.pressed, { type: "hidden", name, value });
            this.el.append(this.pressed);
        }
    }

    onLeave() {
        // Back from the next page by the browser's button: a captcha counts once.
        this.pressed?.remove();
        this.el.querySelector("[name=recaptcha_token_response]")?.remove();
    }
}

const interactions = registry.category("public.interactions");
interactions.add("salon_online.services", SalonServices);
interactions.add("salon_online.zone", SalonZone);
interactions.add("salon_online.times", SalonTimes);
interactions.add("salon_online.details", SalonDetails);
interactions.add("salon_online.captcha", SalonCaptcha);
