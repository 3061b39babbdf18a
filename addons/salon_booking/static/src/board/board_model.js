import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { markRaw, reactive } from "@odoo/owl";
import { Mutex } from "@web/core/utils/concurrency";
import { router } from "@web/core/browser/router";
import { user } from "@web/core/user";

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
    branches: null, // of these side by side
    span: "day",
    who: "people",
    person: null,
    colour: "state",
    density: "normal",
    everybody: false,
    drawer: false,
    tab: null,
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
        this.refreshing = new Mutex();
        /** The day shown before it is known which one it is in the branch. */
        this.guess = null;
        /** Of which day, branches and span the columns are. */
        this.drawn = {};
        /** The board is on the screen no more. */
        this.isLeft = false;
        const remembered = JSON.parse(browser.localStorage.getItem(REMEMBERED) || "{}");
        const { branch, date: urlDate, span } = router.current;
        this.config = reactive({
            ...DEFAULTS,
            ...remembered,
            ...(branch && { branch: Number(branch) }),
            ...(branch && Number(branch) !== remembered.branch && { branches: null }),
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
            walkIns: 0,
            toMove: 0,
            drawer: null,
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

    /** The branches whose day is shown. */
    get shown() {
        const { branch, branches, span } = this.config;
        if (span === "day" && branches) {
            return branches;
        }
        return branch ? [branch] : [];
    }

    get isTogether() {
        return this.shown.length > 1;
    }

    get slot() {
        const slots = (this.data?.branches || []).map(({ slot }) => slot);
        return slots.length ? Math.min(...slots) : 15;
    }

    /** The clock on the wall of what is in a branch: a column, an appointment, a wish. */
    clockOf(what) {
        return this.clocks?.get(what?.branch) || this.clock;
    }

    currencyOf({ branch }) {
        const { company } = this.data.branches.find(({ id }) => id === branch) || {};
        return user.allowedCompanies.find(({ id }) => id === company)?.currency_id;
    }

    branchName(id) {
        return this.branches.find((each) => each.id === id)?.name || "";
    }

    /** What is open of the drawer: a tab, or the one that matters most. */
    get tab() {
        return this.config.drawer ? this.config.tab || true : null;
    }

    get toMove() {
        const { drawer } = this.view;
        return drawer?.tab === "to_move" ? drawer.rows : [];
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
    load() {
        this.loaded = this.loadAll();
        return this.loaded;
    }

    async loadAll() {
        if (!this.config.date) {
            this.config.date = this.guess = this.today;
        }
        const ticket = ++this.asked;
        this.view.loading = true;
        const [first, last] = this.range;
        const { shown, tab } = this;
        const isTeam = this.config.span === "team";
        try {
            const [data, week] = await Promise.all([
                this.call("load", [shown, first, isTeam ? first : last, tab]),
                isTeam ? this.call("week", [shown, first]) : null,
            ]);
            if (ticket !== this.asked) {
                return; // somebody turned a page meanwhile
            }
            performance.mark("salon_board.data");
            this.take(data);
            const { guess } = this;
            this.guess = null;
            if (guess === this.config.date && guess !== this.today) {
                // Where the branch is, it is another day than where the screen stands.
                this.config.date = this.today;
                return this.load();
            }
            this.view.week = week && markRaw(week);
        } catch (error) {
            if (ticket === this.asked) {
                Object.assign(this.config, this.drawn); // what the columns still show
            }
            throw error;
        } finally {
            if (ticket === this.asked) {
                this.view.loading = false;
            }
        }
        if (this.isLeft) {
            return; // the address is that of another page by now
        }
        const { branch, branches, date, span } = this.config;
        this.drawn = { branch, branches, date, span };
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
        if (!this.branch) {
            this.config.branch = data.branches[0]?.id || null;
        }
        if (this.isTogether) {
            const ids = data.branches.map(({ id }) => id);
            this.config.branches = ids.length > 1 ? ids : null;
        }
        this.clocks = new Map(
            data.branches.map(({ id, tz }) => [id, new BranchClock(tz)]),
        );
        this.clock = this.clocks.get(this.config.branch) || new BranchClock("local");
        this.takeDrawer(data);
    }

    /** How much waits, and the rows of the tab that is open. */
    takeDrawer({ waiting = 0, walk_ins = 0, to_move = 0, drawer }) {
        Object.assign(this.view, { waiting, walkIns: walk_ins, toMove: to_move });
        if (drawer && this.config.drawer) {
            this.view.drawer = markRaw(drawer);
        }
    }

    async loadDrawer() {
        const [first, last] = this.range;
        const { shown, tab } = this;
        const data = await this.call("drawer", [shown, first, last, tab]);
        if (tab === this.tab) {
            this.takeDrawer(data);
        }
    }

    /**
     * Ask again about visits that somebody changed, here or elsewhere: one question after
     * the other, so that what was read earlier never comes last.
     */
    refresh(visits) {
        return this.refreshing.exec(() => this.askAgain(visits));
    }

    async askAgain(visits) {
        while (this.view.loading) {
            await this.loaded.catch(() => {}); // whoever asked for it is told
        }
        if (this.config.span === "team" || !this.data) {
            return this.load();
        }
        const [first, last] = this.range;
        const asked = this.asked;
        const data = await this.call("changed", [
            this.shown,
            first,
            last,
            visits,
            this.tab,
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
        if ("waiting" in data) {
            this.takeDrawer(data);
        }
        this.draw();
    }

    draw() {
        if (this.config.span === "team") {
            return;
        }
        const { config, data } = this;
        if (!this.branch) {
            this.view.columns = markRaw([]);
            return;
        }
        if (config.span === "person" && !this.person) {
            config.person = data.staff[0]?.id || null;
        }
        const { columns, hours } = buildColumns(
            data,
            {
                dates: this.dates,
                who: config.who,
                person: config.span === "person" ? config.person : null,
                everybody: config.everybody,
                clockOf: (branch) => this.clockOf({ branch }),
                tone: this.toneOf(),
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
        if ("branch" in values) {
            values = { branches: null, ...values };
        }
        const isNew = (key) => key in values && values[key] !== this.config[key];
        const reload = ["branch", "branches", "date", "span"].some(isNew);
        const isOpened = ["drawer", "tab"].some(isNew);
        Object.assign(this.config, values);
        if (isOpened) {
            this.view.drawer = null;
        }
        if (reload) {
            await this.load();
        } else if (isOpened) {
            this.remember();
            await (this.tab && this.loadDrawer());
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
            this.shown.includes(branch) &&
            (!days?.length || days.some((day) => first <= day && day <= last))
        );
    }

    call(method, args) {
        return this.orm.silent.call(SERVICE, method, args);
    }
}
