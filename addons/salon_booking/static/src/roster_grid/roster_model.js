import { serializeDate, deserializeDate } from "@web/core/l10n/dates";
import { KeepLast } from "@web/core/utils/concurrency";

const { DateTime } = luxon;

/** What the roster grid shows and does; every change goes to the server at once. */
export class RosterModel {
    constructor(orm, state) {
        this.orm = orm;
        this.state = state;
        this.keepLast = new KeepLast();
        this.undoable = [];
    }

    get first() {
        return deserializeDate(this.state.first);
    }

    async load(changes = {}) {
        Object.assign(this.state, changes);
        const data = await this.keepLast.add(
            this.orm.call("salon.roster.grid", "load", [], {
                branch_id: this.state.branch || false,
                first: this.state.first || false,
                days: this.state.span,
            }),
        );
        this.state.branch = data.branch.id;
        this.state.first = data.days[0]?.date || serializeDate(DateTime.local());
        this.state.data = data;
    }

    shown(name) {
        return this.state.data.staff.flatMap((person) =>
            Object.values(person.days).flatMap((cell) => cell.shifts.filter(name)),
        );
    }

    get drafts() {
        return this.shown((shift) => shift.draft && !shift.branch);
    }

    cell(staff, date) {
        return this.state.data.staff.find(({ id }) => id === staff)?.days[date];
    }

    moveBy(days) {
        return this.load({ first: serializeDate(this.first.plus({ days })) });
    }

    toDay(date) {
        const monday = date.startOf("week");
        return this.load({ first: serializeDate(monday) });
    }

    // Changes: each leaves what undoes it

    async place(cells, shift) {
        const wanted = cells.map(({ staff, date }) => ({
            ...shift,
            staff,
            date,
            branch: this.state.branch,
        }));
        const ids = await this.orm.call("salon.roster.grid", "place", [wanted]);
        await this.changed(() => this.orm.unlink("salon.shift", ids));
    }

    async move(shift, from, to) {
        const write = ({ staff, date }) =>
            this.orm.write("salon.shift", [shift.id], {
                staff_id: staff,
                business_date: date,
            });
        await write(to);
        await this.changed(() => write(from));
    }

    async remove(shift, { staff, date }) {
        const { branch } = this.state; // another one may be shown by then
        await this.orm.unlink("salon.shift", [shift.id]);
        await this.changed(async () => {
            const again = { ...shift, staff, date, branch };
            const ids = await this.orm.call("salon.roster.grid", "place", [[again]]);
            if (!shift.draft) {
                await this.orm.call("salon.shift", "action_publish", [ids]);
            }
        });
    }

    async publish() {
        const ids = this.drafts.map(({ id }) => id);
        await this.orm.call("salon.shift", "action_publish", [ids]);
        await this.load();
        return ids.length;
    }

    async changed(undo) {
        this.undoable.push(undo);
        await this.load();
    }

    async undo() {
        const undo = this.undoable.pop();
        if (undo) {
            await undo();
            await this.load();
        }
        return Boolean(undo);
    }
}
