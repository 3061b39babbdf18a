import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { markRaw, reactive } from "@odoo/owl";
import { router } from "@web/core/browser/router";

import { BranchClock, plusDays, setClock, weekOf } from "./board_clock";
import { buildColumns } from "./board_columns";

const SERVICE = "salon.board";
const REMEMBERED = "salon_board";
/** How many minutes one pixel is high… the other way round. */
export const DENSITIES = { compact: 1, normal: 1.5, roomy: 2.25 };
/** How wide a column is at least, in rem. */
export const COLUMNS = { compact: 7, normal: 9.5, roomy: 12 };
const DEFAULTS = {
    branch: null,
    span: "day",
    who: "people",
    person: null,
    colour: "state",
    density: "normal",
    everybody: false,
    drawer: false,
};

export const STATE_LABELS = {
    booked: _t("Booked"),
    confirmed: _t("Confirmed"),
    arrived: _t("Arrived"),
    in_service: _t("In service"),
    done: _t("Done"),
    cancelled: _t("Cancelled"),
    no_show: _t("No-show"),
};

/** What is shown and where it comes from. Components read ``view`` and ``config``. */
export class BoardModel {
    constructor({ orm, date }) {
        this.orm = orm;
        this.data = null;
        this.asked = 0;
        const remembered = JSON.parse(browser.localStorage.getItem(REMEMBERED) || "{}");
        const { branch, date: urlDate, span } = router.current;
        this.config = reactive({
            ...DEFAULTS,
            ...remembered,
            ...(branch && { branch: Number(branch) }),
            ...(span && { span }),
            date: date || urlDate || null,
        });
        this.view = reactive({
            ready: false,
            loading: false,
            columns: markRaw([]),
            hours: [9 * 60, 18 * 60],
            week: null,
            waiting: 0,
            toMove: 0,
            drawn: 0,
        });
    }

    get branch() {
        return this.data?.branches.find((branch) => branch.id === this.config.branch);
    }

    get branches() {
        return this.data?.branches_all || [];
    }

    get can() {
        return this.data?.can || {};
    }

    get slot() {
        return this.branch?.slot || 15;
    }

    get dates() {
        const { span, date } = this.config;
        return span === "day" ? [date] : weekOf(date);
    }

    get range() {
        return [this.dates[0], this.dates.at(-1)];
    }

    get today() {
        return this.clock?.today || luxon.DateTime.now().toISODate();
    }

    /** Load all that is shown anew. */
    async load() {
        this.config.date ||= this.today;
        const ticket = ++this.asked;
        this.view.loading = true;
        const [first, last] = this.range;
        const { branch, span } = this.config;
        const ids = branch ? [branch] : [];
        try {
            const [data, week] = await Promise.all([
                this.call("load", [ids, first, span === "team" ? first : last]),
                span === "team" ? this.call("week", [ids, first]) : null,
            ]);
            if (ticket !== this.asked) {
                return; // somebody turned a page meanwhile
            }
            performance.mark("salon_board.data");
            this.take(data);
            this.view.week = week && markRaw(week);
        } finally {
            if (ticket === this.asked) {
                this.view.loading = false;
            }
        }
        this.remember();
        this.draw();
        this.view.ready = true;
    }

    take(data) {
        setClock(data.now);
        this.data = {
            ...data,
            appointments: new Map(data.appointments.map((each) => [each.id, each])),
        };
        const known = data.branches_all.some((each) => each.id === this.config.branch);
        if (!known) {
            this.config.branch = data.branches[0]?.id || null;
        }
        this.clock = new BranchClock(this.branch?.tz || "local");
        this.view.waiting = data.waiting || 0;
        this.view.toMove = data.to_move || 0;
    }

    /** Ask again about visits that somebody changed, here or elsewhere. */
    async refresh(visits) {
        if (this.config.span === "team") {
            return this.load();
        }
        const [first, last] = this.range;
        const asked = this.asked;
        const data = await this.call("changed", [
            [this.config.branch],
            first,
            last,
            visits,
        ]);
        if (asked === this.asked) {
            this.apply(data, visits);
        }
    }

    /** Put what came back in the place of what was there. */
    apply(data, visits) {
        const gone = new Set([...visits, ...Object.keys(data.visits).map(Number)]);
        const { appointments } = this.data;
        for (const [id, { visit }] of appointments) {
            if (gone.has(visit)) {
                appointments.delete(id);
            }
        }
        for (const appointment of data.appointments) {
            appointments.set(appointment.id, appointment);
        }
        this.data.visits = { ...this.data.visits, ...data.visits };
        if (data.blocks) {
            // What is taken elsewhere is only known from the beginning.
            const away = this.data.blocks.filter(({ kind }) => kind === "away");
            const fresh = data.blocks.filter(({ kind }) => kind !== "away");
            this.data.blocks = [...away, ...fresh];
        }
        for (const kind of ["staff", "facilities"]) {
            this.data[kind] = data[kind]?.length ? data[kind] : this.data[kind];
        }
        this.view.waiting = data.waiting ?? this.view.waiting;
        this.view.toMove = data.to_move ?? this.view.toMove;
        this.draw();
    }

    draw() {
        if (this.config.span === "team") {
            return;
        }
        const { config, data } = this;
        const branch = this.branch;
        if (!branch) {
            this.view.columns = markRaw([]);
            return;
        }
        if (config.span === "person" && !this.person) {
            config.person = data.staff[0]?.id || null;
        }
        const openOf = (date) =>
            branch.days.find((day) => day.date === date)?.open || [];
        const { columns, hours } = buildColumns(
            { ...data, days: branch.days },
            {
                dates: this.dates,
                who: config.who,
                person: config.span === "person" ? config.person : null,
                everybody: config.everybody,
                clock: this.clock,
                tone: this.toneOf(),
                openOf,
            },
            this.view.columns,
        );
        this.view.columns = markRaw(columns);
        this.view.hours = hours;
        this.view.drawn++;
    }

    get person() {
        return this.data?.staff.find((member) => member.id === this.config.person);
    }

    /** The name of an appointment's colour. */
    toneOf() {
        const { colour } = this.config;
        if (colour === "state") {
            return ({ state }) => `o_salon_tone_${state}`;
        }
        if (colour === "staff") {
            const order = new Map(this.data.staff.map(({ id }, index) => [id, index]));
            return ({ staff }) =>
                staff ? `o_salon_tone_${((order.get(staff) ?? 0) % 11) + 1}` : "";
        }
        return ({ color, category }) =>
            `o_salon_tone_${color || ((category || 0) % 11) + 1}`;
    }

    async set(values) {
        const reload = ["branch", "date", "span"].some(
            (key) => key in values && values[key] !== this.config[key],
        );
        Object.assign(this.config, values);
        if (reload) {
            await this.load();
        } else {
            this.remember();
            this.draw();
        }
    }

    turn(direction) {
        const days = this.config.span === "day" ? 1 : 7;
        return this.set({ date: plusDays(this.config.date, direction * days) });
    }

    remember() {
        const { date, ...kept } = this.config;
        browser.localStorage.setItem(REMEMBERED, JSON.stringify(kept));
        router.replaceState({ date, branch: kept.branch, span: kept.span });
    }

    visitOf(appointment) {
        return this.data.visits[appointment.visit] || {};
    }

    /** All of the same visit, by time. */
    appointmentsOf({ visit }) {
        return [...this.data.appointments.values()]
            .filter((each) => each.visit === visit)
            .sort((a, b) => a.start - b.start);
    }

    clientName(appointment) {
        const { client } = this.visitOf(appointment);
        return client?.name || appointment.client || _t("Walk-in");
    }

    staffName(id) {
        return this.data.staff.find((member) => member.id === id)?.name || "";
    }

    /** Is anything of this on the screen? */
    shows(branch, days) {
        const [first, end] = this.range;
        const last = plusDays(end, 1); // a shift may go on past midnight
        return (
            branch === this.config.branch &&
            (!days?.length || days.some((day) => first <= day && day <= last))
        );
    }

    call(method, args) {
        return this.orm.silent.call(SERVICE, method, args);
    }
}
