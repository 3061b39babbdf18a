import { TeamCalendarModel } from "./team_calendar_view";

/** Knows beside the appointments when the branches are open. */
export class SalonCalendarModel extends TeamCalendarModel {
    setup(...args) {
        super.setup(...args);
        this.data.openingHours = [0, 24];
    }

    async updateData(data) {
        this.branches ??= this.orm.searchRead(
            "salon.branch",
            [],
            ["opens_at", "closes_at"],
        );
        const [branches] = await Promise.all([this.branches, super.updateData(data)]);
        data.openingHours = openingHours(branches, Object.values(data.records));
    }

    get openingHours() {
        return this.data.openingHours;
    }
}

/**
 * First and last whole hour to show: the branches' opening, wider where an appointment
 * lies outside of it.
 *
 * @param {{opens_at: number, closes_at: number}[]} branches
 * @param {{start: luxon.DateTime, end: luxon.DateTime}[]} records
 * @returns {[number, number]}
 */
export function openingHours(branches, records) {
    const opens = branches.map((branch) => branch.opens_at);
    const closes = branches.map((branch) => branch.closes_at);
    for (const { start, end } of records) {
        opens.push(start.hour);
        closes.push(end.hasSame(start, "day") ? end.hour + end.minute / 60 : 24);
    }
    if (!opens.length) {
        return [0, 24];
    }
    return [Math.floor(Math.min(...opens)), Math.ceil(Math.max(...closes))];
}
