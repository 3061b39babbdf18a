import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    useRef,
    useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { KeepLast } from "@web/core/utils/concurrency";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { minuteNow, situation } from "./situation";

const { DateTime } = luxon;
const MINUTE = 60 * 1000;
const STATE_COLORS = {
    planned: "text-bg-light border",
    booked: "text-bg-light border",
    confirmed: "text-bg-light border",
    arrived: "text-bg-info",
    in_service: "text-bg-primary",
    done: "text-bg-success",
    no_show: "text-bg-danger",
};

/** Says what the situation of an appointment is, in words and a colour. */
export function saySituation(found) {
    if (!found) {
        return null;
    }
    const { kind, minutes } = found;
    return {
        late: { text: _t("%s min late", minutes), color: "text-danger" },
        waiting: {
            text: _t("Waiting %s min", minutes),
            color: "text-warning-emphasis",
        },
        over: { text: _t("%s min over", minutes), color: "text-danger" },
        free: { text: _t("You are free for %s min", minutes), color: "text-success" },
    }[kind];
}

/** One day of a stylist: who comes when, what for, and the next step of each. */
export class SalonMyDay extends Component {
    static template = "salon_booking.MyDay";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.root = useRef("root");
        this.keepLast = new KeepLast();
        this.state = useState({ busy: 0, now: minuteNow(), data: null });
        useSetupAction({ getLocalState: () => ({ day: this.state.data?.day }) });
        onWillStart(() => this.load(this.props.state?.day));
        onMounted(() => {
            this.showWhatIsNext();
            this.timer = browser.setInterval(() => this.tick(), MINUTE);
        });
        onWillUnmount(() => browser.clearInterval(this.timer));
    }

    get data() {
        return this.state.data;
    }

    get isToday() {
        return this.data.day === this.data.today;
    }

    get isPast() {
        return this.data.day < this.data.today;
    }

    async load(day = false) {
        const asked = this.orm.call("salon.my.day", "load_day", [day]);
        // The minute's look at today does not turn back a page turned meanwhile.
        this.state.data = await this.keepLast.add(asked);
        this.state.now = minuteNow();
    }

    async tick() {
        this.state.now = minuteNow();
        if (!document.hidden && this.isToday) {
            await this.load(this.data.day);
        }
    }

    /** What is done stands above the screen; one flick away. */
    showWhatIsNext() {
        const open = this.root.el.querySelector(
            ".o_salon_my_day_entry:not(.o_salon_is_over)",
        );
        const first = this.root.el.querySelector(".o_salon_my_day_entry");
        if (this.isToday && open && open !== first) {
            open.scrollIntoView({ block: "center" });
        }
    }

    shift(days) {
        return this.load(DateTime.fromISO(this.data.day).plus({ days }).toISODate());
    }

    stateColor(entry) {
        return STATE_COLORS[entry.state];
    }

    situation(entry) {
        return this.isToday && !entry.is_help
            ? saySituation(situation(entry, this.state.now))
            : null;
    }

    isNow(entry) {
        return (
            this.isToday && entry.start <= this.state.now && this.state.now < entry.stop
        );
    }

    /** Minutes without any client before an entry, when they are worth a line. */
    gapBefore(index) {
        const earlier = this.data.entries.slice(0, index).map((entry) => entry.stop);
        const gap = index && this.data.entries[index].start - Math.max(...earlier);
        return gap >= 15 ? gap : 0;
    }

    hasAlarm(entry) {
        return (entry.warnings || []).some((level) => level !== "info");
    }

    nextStep(entry) {
        if (entry.is_help || this.data.day > this.data.today) {
            return null;
        }
        if (["booked", "confirmed", "arrived"].includes(entry.state)) {
            return { method: "action_start", label: _t("Start now"), icon: "fa-play" };
        }
        if (entry.state === "in_service") {
            return { method: "action_done", label: _t("Finish"), icon: "fa-check" };
        }
        return null;
    }

    async step(entry) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = entry.appointment_id;
        try {
            await this.orm.call("salon.appointment", this.nextStep(entry).method, [
                [entry.appointment_id],
            ]);
        } finally {
            this.state.busy = 0;
            await this.load(this.data.day);
        }
    }

    open(entry) {
        if (entry.visit_id) {
            return this.action.doAction("salon_booking.salon_my_visit_action", {
                props: { resId: entry.visit_id },
            });
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "salon.group.event",
            res_id: entry.event_id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("salon_my_day", SalonMyDay);
