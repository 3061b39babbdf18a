import { Component, useState } from "@odoo/owl";

import { clock, dayLabel } from "./board_clock";

/** The week of the whole team: how long everybody works and how full each day is. */
export class TeamWeek extends Component {
    static template = "salon_booking.BoardTeamWeek";
    static props = { week: Object, model: Object, open: Function };

    setup() {
        this.clock = useState(clock);
    }

    get dates() {
        return this.props.week.days;
    }

    dayLabel(date) {
        return dayLabel(date);
    }

    isToday(date) {
        return date === this.props.model.today;
    }

    hours(minutes) {
        const whole = Math.floor(minutes / 60);
        return `${whole}:${String(minutes % 60).padStart(2, "0")}`;
    }

    fill({ booked_minutes, work_minutes }) {
        if (!work_minutes) {
            return booked_minutes ? 100 : 0;
        }
        return Math.min(Math.round((100 * booked_minutes) / work_minutes), 100);
    }

    span({ windows }) {
        const { clock: branchClock } = this.props.model;
        return windows.length ? branchClock.span(windows[0][0], windows.at(-1)[1]) : "";
    }

    /** Of the whole team on one day. */
    total(index) {
        const days = this.props.week.staff.map((member) => member.days[index]);
        const sum = (name) => days.reduce((all, day) => all + (day[name] || 0), 0);
        return {
            count: sum("count"),
            booked_minutes: sum("booked_minutes"),
            work_minutes: sum("work_minutes"),
        };
    }
}
