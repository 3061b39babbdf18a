import {
    Component,
    onWillStart,
    onWillUpdateProps,
    onMounted,
    onPatched,
    useRef,
    useState,
} from "@odoo/owl";
import { AutoComplete } from "@web/core/autocomplete/autocomplete";
import { getActiveHotkey } from "@web/core/hotkeys/hotkey_service";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { normalize } from "@web/core/l10n/utils";
import { uuid } from "@web/core/utils/strings";

const { DateTime } = luxon;
const MINUTE = 60000;
/** A number with fewer digits is not looked up among the clients. */
const PHONE_DIGITS = 6;

/** Book a regular client in a few seconds, by mouse or by keyboard alone. */
export class QuickBooking extends Component {
    static template = "salon_booking.QuickBooking";
    static components = { AutoComplete };
    static props = {
        branch: { type: [Number, Boolean], optional: true },
        staff: { type: [Number, Boolean], optional: true },
        start: { type: [Number, Boolean], optional: true },
        visit: { type: [Number, Boolean], optional: true },
        close: Function,
        booked: { type: Function, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.keepLast = new KeepLast();
        // An object, because getters are read by the template through one of its own:
        // what they set on "this" would not arrive here.
        this.memo = { key: "", wanted: null };
        this.state = useState({
            ready: null,
            client: null,
            fresh: null,
            known: [],
            recalled: [],
            services: [],
            addons: [],
            category: null,
            staff: this.props.staff || false,
            date: "",
            time: "",
            answer: null,
            offer: null,
            override: "",
            isAsking: false,
            isBooking: false,
        });
        onWillStart(() => this.load(this.props.branch || false, this.props.start));
        // On the board another free time may be clicked while this stays open.
        onWillUpdateProps(async (next) => {
            if (next.branch && next.branch !== this.state.ready.branch) {
                await this.load(next.branch, next.start, this.state.client);
                this.takeStaff(next.staff || false);
                await this.ask();
            } else if (
                next.start !== this.props.start ||
                next.staff !== this.props.staff
            ) {
                if (next.staff !== this.props.staff) {
                    this.takeStaff(next.staff || false);
                }
                this.setMoment(next.start);
                await this.ask();
            }
        });
        onMounted(() => this.focusFirst());
        onPatched(() => this.giveFocus());
    }

    // What can be chosen

    async load(branch, start, client = null) {
        const visit = this.props.visit || false;
        const ready = await this.call("prepare", [branch, visit]);
        Object.assign(this.state, {
            ready,
            client: client || ready.client[0] || null,
            category: null,
            date: ready.today,
            time: "",
        });
        // Not everything is done in every branch.
        const { services, addons } = this.state;
        this.state.services = services.filter(([product]) => this.service(product));
        this.state.addons = addons.filter((id) => this.service(id));
        this.setMoment(start);
        if (this.state.client) {
            await this.recall();
        }
    }

    get branch() {
        const { branch, branches } = this.state.ready;
        return branches.find(({ id }) => id === branch);
    }

    get services() {
        const chosen = this.state.services.map(([product]) => product);
        return this.state.ready.services.filter(
            ({ id, staff, is_addon }) =>
                !is_addon &&
                !chosen.includes(id) &&
                (!this.state.staff || staff.includes(this.state.staff)),
        );
    }

    get categories() {
        return [...new Set(this.services.map(({ category }) => category))];
    }

    /** Add-ons of the chosen services. */
    get addons() {
        const offered = this.chosen.flatMap(({ addons }) => addons);
        return this.state.ready.services.filter(({ id }) => offered.includes(id));
    }

    get chosen() {
        return this.state.services.map(([product]) => this.service(product));
    }

    /** Whoever does all of the chosen services, and who was clicked at. */
    get people() {
        return this.state.ready.staff.filter(
            ({ id }) =>
                id === this.state.staff ||
                this.chosen.every(({ staff }) => staff.includes(id)),
        );
    }

    service(product) {
        return this.state.ready.services.find(({ id }) => id === product);
    }

    // The client

    get clientSources() {
        return [
            {
                placeholder: _t("Searching…"),
                optionSlot: "client",
                options: (typed) => this.findClients(typed),
            },
        ];
    }

    async findClients(typed) {
        if (!typed.trim()) {
            return [];
        }
        const { clients, is_more } = await this.call("find_clients", [typed]);
        const options = clients.map((client) => ({
            label: client.name,
            data: { client },
            onSelect: () => this.chooseClient(client),
        }));
        if (is_more) {
            options.push({
                label: _t("There are more: type more of the name or number"),
                data: {},
                unselectable: true,
                cssClass: "text-muted small",
            });
        }
        options.push({
            label: _t("New client: %s", typed.trim()),
            data: { isNew: true },
            cssClass: "o_salon_quick_new",
            onSelect: () => this.newClient(typed.trim()),
        });
        return options;
    }

    async chooseClient(client) {
        Object.assign(this.state, { client, fresh: null, known: [] });
        await Promise.all([this.recall(), this.ask()]);
        this.focusNext();
    }

    newClient(typed) {
        const isPhone = /^[\d\s+().\-/]+$/.test(typed);
        this.state.fresh = {
            name: isPhone ? "" : typed,
            phone: isPhone ? typed : "",
        };
        this.state.client = null;
        this.focus(isPhone ? ".o_salon_quick_name" : ".o_salon_quick_phone");
        this.ask();
        this.findKnown();
    }

    /** Somebody with the same number may be here already. */
    async findKnown() {
        const { phone } = this.state.fresh;
        const digits = phone.replace(/\D/g, "");
        if (digits.length < PHONE_DIGITS) {
            this.state.known = [];
            return;
        }
        const { clients } = await this.call("find_clients", [phone]);
        if (this.state.fresh?.phone === phone) {
            this.state.known = clients;
        }
    }

    async dropClient() {
        Object.assign(this.state, {
            client: null,
            fresh: null,
            known: [],
            recalled: [],
        });
        await this.ask();
        this.focus(".o_salon_quick_client input");
    }

    async recall() {
        const { client, ready } = this.state;
        const recalled = await this.call("recall", [ready.branch, client.id]);
        if (this.state.client?.id === client.id && this.state.ready === ready) {
            this.state.recalled = recalled;
        }
    }

    // Services

    get serviceSources() {
        return [
            {
                optionSlot: "service",
                options: (typed) => {
                    const words = normalize(typed).split(" ").filter(Boolean);
                    return this.services
                        .filter(({ name, category }) => {
                            const text = normalize(`${name} ${category}`);
                            return words.every((word) => text.includes(word));
                        })
                        .slice(0, 30)
                        .map((service) => ({
                            label: service.name,
                            data: { service },
                            onSelect: () => this.addService(service),
                        }));
                },
            },
        ];
    }

    async addService(service) {
        this.state.services.push([service.id, this.state.staff]);
        await this.ask();
        this.focusNext();
    }

    async removeService(index) {
        this.state.services.splice(index, 1);
        const left = this.addons.map(({ id }) => id);
        this.state.addons = this.state.addons.filter((id) => left.includes(id));
        await this.ask();
    }

    async toggleAddon(addon) {
        const { addons } = this.state;
        this.state.addons = addons.includes(addon.id)
            ? addons.filter((id) => id !== addon.id)
            : [...addons, addon.id];
        await this.ask();
    }

    /** All of it as last time, by one click. */
    async again(recalled) {
        const staff = this.props.staff || false;
        this.state.services = recalled.services.map(([product, person]) => [
            product,
            staff && this.service(product).staff.includes(staff) ? staff : person,
        ]);
        this.state.addons = [...recalled.addons];
        const people = new Set(this.state.services.map(([, person]) => person));
        this.state.staff = people.size === 1 ? [...people][0] : false;
        await this.ask();
        this.focusNext();
    }

    async setStaff(value) {
        this.takeStaff(Number(value) || false);
        await this.ask();
    }

    /** All of it with the same person. */
    takeStaff(staff) {
        this.state.staff = staff;
        for (const service of this.state.services) {
            service[1] = staff;
        }
    }

    // When

    /** Show a UTC minute on the clock of the branch. */
    setMoment(start) {
        if (!start) {
            this.state.time = "";
            return;
        }
        const moment = DateTime.fromMillis(start * MINUTE, { zone: this.branch.tz });
        this.state.date = moment.toISODate();
        this.state.time = moment.toFormat("HH:mm");
    }

    get start() {
        const { date, time } = this.state;
        if (!date || !time) {
            return false;
        }
        const moment = DateTime.fromISO(`${date}T${time}`, { zone: this.branch.tz });
        return moment.isValid ? Math.floor(moment.toMillis() / MINUTE) : false;
    }

    async setDate(value) {
        this.state.date = value || this.state.ready.today;
        await this.ask();
    }

    async turn(days) {
        const day = DateTime.fromISO(this.state.date).plus({ days });
        this.state.time = "";
        await this.setDate(day.toISODate());
    }

    async setTime(value) {
        this.state.time = value;
        await this.ask();
    }

    async setBranch(value) {
        Object.assign(this.state, { services: [], addons: [], staff: false });
        await this.load(Number(value), false, this.state.client);
        await this.ask();
    }

    choose(time) {
        this.setMoment(time.start);
        this.state.offer = time;
        this.state.answer = { ...this.state.answer, texts: [], times: [] };
        this.focus(".o_salon_quick_book");
    }

    /** Show the other times of the day instead of the one chosen. */
    async otherTimes() {
        await this.setTime("");
        this.focus(".o_salon_quick_time");
    }

    // The answer

    get wish() {
        const { ready, client, services, addons, date, override } = this.state;
        return {
            branch: ready.branch,
            client: client ? client.id : false,
            services,
            addons,
            start: this.start,
            date,
            override,
        };
    }

    async ask() {
        this.memo.key = uuid();
        this.state.offer = null;
        if (!this.state.services.length) {
            this.keepLast.add(Promise.resolve()); // what was asked before is not wanted
            Object.assign(this.state, { answer: null, isAsking: false });
            return;
        }
        this.state.isAsking = true;
        try {
            const answer = await this.keepLast.add(this.call("answer", [this.wish]));
            this.state.answer = answer;
            this.state.offer = answer.offer || null;
        } finally {
            this.state.isAsking = false;
        }
    }

    async setOverride(value) {
        this.state.override = value;
        await this.ask();
    }

    get canBook() {
        const { offer, fresh, isBooking, isAsking } = this.state;
        return offer && !isBooking && !isAsking && (!fresh || fresh.name.trim());
    }

    async book() {
        if (!this.canBook) {
            return;
        }
        const { offer, fresh } = this.state;
        this.state.isBooking = true;
        try {
            const booked = await this.call("book", [
                this.wish,
                offer.parts,
                this.memo.key,
                fresh,
                this.props.visit || false,
            ]);
            if (booked.visit) {
                this.tell(booked.visit, offer);
                this.props.booked?.(booked.visit);
                this.props.close();
                return;
            }
            // Somebody was faster: stay, and show what comes closest.
            this.state.offer = null;
            this.state.answer = { ...this.state.answer, ...booked };
            this.focusNext();
        } finally {
            this.state.isBooking = false;
        }
    }

    tell(visit, offer) {
        const { client, fresh } = this.state;
        const who = client?.name || fresh?.name || _t("Walk-in");
        this.notification.add(`${who} · ${offer.day} ${offer.label} – ${offer.end}`, {
            title: _t("Booked"),
            type: "success",
            buttons: [{ name: _t("Open"), onClick: () => this.openVisit(visit) }],
        });
    }

    openVisit(visit) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "salon.visit",
            res_id: visit,
            views: [[false, "form"]],
        });
    }

    async waitlist() {
        const action = await this.call("wait", [this.wish]);
        this.props.close();
        await this.action.doAction(action);
    }

    /** The whole dialog, with what has been chosen here. */
    async more() {
        const { client, services, date, ready } = this.state;
        const [product, staff] = services[0] || [];
        this.props.close();
        await this.action.doAction("salon_booking.salon_booking_wizard_action", {
            additionalContext: {
                default_branch_id: ready.branch,
                default_client_id: client?.id,
                default_product_id: product,
                default_staff_id: staff || this.state.staff || false,
                default_date_from: date,
            },
        });
    }

    // Words

    get bookLabel() {
        const { client, fresh, offer } = this.state;
        if (offer && !client && !fresh) {
            return _t("Book without a name");
        }
        return _t("Book");
    }

    get servicePlaceholder() {
        return this.state.services.length ? _t("And then…") : _t("Service");
    }

    removeLabel(service) {
        return _t("Remove %s", service.name);
    }

    day(date) {
        return formatDate(deserializeDate(date));
    }

    plan(time) {
        return time.plan
            .map(({ service, person }) => `${service} ${person}`)
            .join(" · ");
    }

    who(time) {
        return [...new Set(time.plan.map(({ person }) => person))].join(", ");
    }

    // Keyboard

    onKeydown(ev) {
        if (getActiveHotkey(ev) === "control+enter") {
            ev.preventDefault();
            ev.stopPropagation();
            this.book();
        }
    }

    /** Lead on: what is to be chosen next has the focus. */
    focusNext() {
        const { services, recalled, offer } = this.state;
        if (!services.length) {
            this.focus(
                recalled.length
                    ? ".o_salon_quick_again"
                    : ".o_salon_quick_service input",
            );
        } else if (offer) {
            this.focus(".o_salon_quick_book");
        } else {
            this.focus(".o_salon_quick_time");
        }
    }

    focusFirst() {
        if (this.state.client) {
            this.focusNext();
        } else {
            this.focus(".o_salon_quick_client input");
        }
    }

    focus(selector) {
        this.memo.wanted = selector;
        this.giveFocus();
    }

    /** What is to be focused may be drawn, or enabled, only later. */
    giveFocus() {
        const target =
            this.memo.wanted && this.root.el?.querySelector(this.memo.wanted);
        if (target && !target.disabled) {
            this.memo.wanted = null;
            target.focus();
        }
    }

    call(method, args) {
        return this.orm.call("salon.quick.booking", method, args);
    }
}
