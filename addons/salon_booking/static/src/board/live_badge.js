import { _t } from "@web/core/l10n/translation";
import { Component, useState } from "@odoo/owl";

import { clock } from "./board_clock";

/** From so many minutes on, somebody has waited too long. */
const LONG = 10;

/** How long a client has been waiting, is late, or a service runs over. */
export class LiveBadge extends Component {
    static template = "salon_booking.BoardLiveBadge";
    static props = { appointment: Object };

    setup() {
        this.clock = useState(clock);
    }

    get badge() {
        const { state, start, stop, arrived } = this.props.appointment;
        const { now } = this.clock;
        if (state === "arrived") {
            const minutes = Math.max(now - (arrived || start), 0);
            const isLong = minutes > LONG && now > start;
            return { minutes, isLong, title: _t("Has been waiting") };
        }
        if (state === "in_service" && now > stop) {
            return {
                minutes: now - stop,
                isLong: true,
                sign: "+",
                title: _t("Over time"),
            };
        }
        const isLate = now > start + 2 && now < stop;
        if (["booked", "confirmed"].includes(state) && isLate) {
            return {
                minutes: now - start,
                isLong: now - start > LONG,
                title: _t("Late"),
            };
        }
        return null;
    }

    get label() {
        const { minutes, sign = "" } = this.badge;
        return _t("%(sign)s%(minutes)s min", { sign, minutes });
    }
}
