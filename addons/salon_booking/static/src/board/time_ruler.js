import { Component } from "@odoo/owl";

import { dayLabel } from "./board_clock";

/** The hours beside the columns; where another day begins, its name. */
export class TimeRuler extends Component {
    static template = "salon_booking.BoardTimeRuler";
    static props = { origin: Number, end: Number, clock: Object };

    get hours() {
        const { origin, end, clock } = this.props;
        const hours = [];
        for (let minute = origin; minute < end; minute += 60) {
            const isMidnight = minute > origin && clock.at(minute).hour === 0;
            const label = isMidnight
                ? dayLabel(clock.date(minute), { weekday: "short", day: "numeric" })
                : clock.hour(minute);
            hours.push({ at: minute - origin, label, isMidnight });
        }
        return hours;
    }
}
