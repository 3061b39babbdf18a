import {
    Component,
    onWillStart,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { deserializeDate } from "@web/core/l10n/dates";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { useDraggable } from "@web/core/utils/draggable";
import { useService } from "@web/core/utils/hooks";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { RosterAdd } from "./roster_add";
import { cellsBetween, formatHours, formatSpan, usualHours } from "./roster_hours";
import { RosterModel } from "./roster_model";

const REMEMBERED = "salon_booking.roster_grid";
const SPANS = [7, 14, 28];

/** People by days: who works when, drawn, moved, copied and published in place. */
export class RosterGrid extends Component {
    static template = "salon_booking.RosterGrid";
    static components = { ControlPanel, DateTimeInput, Dropdown, DropdownItem };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.adding = usePopover(RosterAdd, { position: "bottom-start" });
        const known = JSON.parse(browser.localStorage.getItem(REMEMBERED) || "{}");
        this.state = useState({
            branch: this.props.action.context?.branch_id || known.branch,
            first: false,
            span: SPANS.includes(known.span) ? known.span : 7,
            data: null,
            marked: [],
            target: null,
            clip: null,
        });
        this.model = new RosterModel(useService("orm"), this.state);
        onWillStart(() => this.load());
        useHotkey("control+z", () => this.undo());
        useHotkey("alt+arrowleft", () => this.model.moveBy(-this.state.span));
        useHotkey("alt+arrowright", () => this.model.moveBy(this.state.span));
        useExternalListener(window, "pointerup", () => this.onPointerUp());
        useDraggable({
            ref: this.root,
            elements: ".o_salon_roster_movable",
            enable: () => this.data?.can_edit,
            cursor: "grabbing",
            onDragStart: (params) => this.onDragStart(params),
            onDrag: (params) => this.onDrag(params),
            onDragEnd: () => (this.state.target = null),
            onDrop: (params) => this.onDrop(params),
        });
        // Asked before the drop is told, which comes with the same event.
        const seeCopying = (ev) => (this.isCopying = ev.ctrlKey || ev.altKey);
        useExternalListener(window, "pointerup", seeCopying, { capture: true });
    }

    get spans() {
        return SPANS.map((days) => ({
            days,
            label: { 7: _t("Week"), 14: _t("2 weeks"), 28: _t("4 weeks") }[days],
        }));
    }

    async load(changes) {
        try {
            await this.model.load(changes);
        } catch (error) {
            if (!this.state.branch) {
                throw error;
            }
            // The branch remembered is no longer one of the user's.
            await this.model.load({ branch: false });
        }
        browser.localStorage.setItem(
            REMEMBERED,
            JSON.stringify({ branch: this.state.branch, span: this.state.span }),
        );
    }

    // What is shown

    formatHours = formatHours;
    formatSpan = formatSpan;

    get data() {
        return this.state.data;
    }

    get isDense() {
        return this.state.span > 7;
    }

    get period() {
        const { days } = this.data;
        if (!days.length) {
            return "";
        }
        const [first, last] = [days[0], days.at(-1)].map((day) =>
            deserializeDate(day.date),
        );
        return `${first.toFormat("d LLL")} – ${last.toFormat("d LLL yyyy")}`;
    }

    dayLabel(day) {
        const date = deserializeDate(day.date);
        return {
            weekday: date.toFormat("ccc"),
            number: date.toFormat("d"),
            full: date.toFormat("cccc d LLLL"),
        };
    }

    isWeekend(day) {
        return deserializeDate(day.date).weekday > 5;
    }

    total(person, name) {
        return Object.values(person.days).reduce((sum, cell) => sum + cell[name], 0);
    }

    /** Planned against agreed hours, as a tone of the host. */
    tone(person) {
        const rest = this.total(person, "planned") - person.target;
        if (!person.target || Math.abs(rest) < 0.25) {
            return "text-muted";
        }
        return rest > 0 ? "text-danger" : "text-warning";
    }

    cellClass(person, day) {
        const cell = person.days[day.date];
        const isMarked = this.state.marked.some(
            ({ staff, date }) => staff === person.id && date === day.date,
        );
        const target = this.state.target;
        return {
            o_salon_roster_today: day.date === this.data.today,
            o_salon_roster_weekend: this.isWeekend(day),
            o_salon_roster_closed: day.closed || !day.open.length,
            o_salon_roster_off: cell.off && cell.off.all_day,
            o_salon_roster_marked: isMarked,
            o_salon_roster_target:
                target && target.staff === person.id && target.date === day.date,
        };
    }

    offLabel(off) {
        if (off.all_day) {
            return _t("Time off");
        }
        return _t("Off %(hours)s", { hours: formatSpan(off.from, off.to) });
    }

    shiftLabel(shift) {
        if (shift.kind === "off") {
            return _t("Day off");
        }
        return formatSpan(shift.from, shift.to);
    }

    /** What fits into a column a finger wide. */
    short(from, to) {
        return formatSpan(from, to).replaceAll(" ", "");
    }

    shiftTitle(person, day, shift) {
        const parts = [person.name, this.dayLabel(day).full, this.shiftLabel(shift)];
        if (shift.breaks.length) {
            const breaks = shift.breaks
                .map(([from, to]) => formatSpan(from, to))
                .join(", ");
            parts.push(_t("Break %(hours)s", { hours: breaks }));
        }
        parts.push(shift.branch, shift.draft && _t("Draft"), shift.note);
        return parts.filter(Boolean).join(", ");
    }

    cellTitle(person, day) {
        const cell = person.days[day.date];
        const parts = [person.name, this.dayLabel(day).full];
        if (cell.weekly.length) {
            const hours = cell.weekly
                .map(([from, to]) => formatSpan(from, to))
                .join(", ");
            parts.push(_t("Weekly hours %(hours)s", { hours }));
        }
        return parts.join(", ");
    }

    /** Bars of the footer: people there and people taken, hour by hour. */
    bars(day) {
        const most = Math.max(
            1,
            ...this.data.days.flatMap(({ hours }) => hours.flat()),
        );
        return day.hours.map(([there, taken], index) => ({
            hour: this.data.first_hour + index,
            there: (there / most) * 100,
            taken: (Math.min(taken, there) / most) * 100,
            short: taken - there > 0.05 ? ((taken - there) / most) * 100 : 0,
            title: _t("%(hour)s: %(there)s there, %(taken)s booked", {
                hour: `${this.data.first_hour + index}:00`,
                there,
                taken,
            }),
        }));
    }

    bookedShare(day) {
        return day.planned ? Math.round((day.booked / day.planned) * 100) : 0;
    }

    // Choosing days: a click, or drawn over several

    onCellPointerDown(ev, person, day) {
        if (
            !this.data.can_edit ||
            ev.button ||
            ev.target.closest(".o_salon_roster_shift")
        ) {
            return;
        }
        this.drawing = { from: [person.id, day.date], to: [person.id, day.date] };
        this.mark();
    }

    onCellPointerEnter(ev, person, day) {
        if (this.drawing) {
            this.drawing.to = [person.id, day.date];
            this.mark();
        }
    }

    mark() {
        const { from, to } = this.drawing;
        this.state.marked = cellsBetween(this.data.staff, this.data.days, from, to);
    }

    onPointerUp() {
        if (!this.drawing) {
            return;
        }
        const [staff, date] = this.drawing.to;
        this.drawing = null;
        const cell = this.root.el.querySelector(
            `[data-staff="${staff}"][data-date="${date}"]`,
        );
        this.choose(cell, this.state.marked);
    }

    onCellKeydown(ev, person, day) {
        const moves = {
            ArrowLeft: [0, -1],
            ArrowRight: [0, 1],
            ArrowUp: [-1, 0],
            ArrowDown: [1, 0],
        };
        const move = moves[ev.key];
        const place = { staff: person.id, date: day.date };
        const [own] = person.days[day.date].shifts.filter(({ branch }) => !branch);
        if (move && !ev.altKey) {
            this.goNear(person, day, move, ev.shiftKey);
        } else if (!this.data.can_edit) {
            return;
        } else if ((ev.ctrlKey || ev.metaKey) && "cxv".includes(ev.key)) {
            this.useClip(ev.key, place, own);
        } else if (ev.target !== ev.currentTarget) {
            return;
        } else if (ev.key === "Enter") {
            this.choose(ev.currentTarget, this.cellsAt(place));
        } else if (["Delete", "Backspace"].includes(ev.key) && own) {
            this.remove(person, day, own);
        } else {
            return;
        }
        ev.preventDefault();
    }

    /** To the next day or person; with Shift the days in between are marked. */
    goNear(person, day, [rows, columns], isMarking) {
        const { staff, days } = this.data;
        const row = staff[staff.indexOf(person) + rows];
        const column = days[days.indexOf(day) + columns];
        if (!row || !column) {
            return;
        }
        if (isMarking) {
            this.markedFrom ||= [person.id, day.date];
            const to = [row.id, column.date];
            this.state.marked = cellsBetween(staff, days, this.markedFrom, to);
        } else {
            this.markedFrom = null;
            this.state.marked = [];
        }
        this.root.el
            .querySelector(`[data-staff="${row.id}"][data-date="${column.date}"]`)
            .focus();
    }

    /** What is marked, if the day is part of it; else the day alone. */
    cellsAt(place) {
        const { marked } = this.state;
        const isMarked = marked.some(
            ({ staff, date }) => staff === place.staff && date === place.date,
        );
        return isMarked ? marked : [place];
    }

    /** Cut, copy and paste: what the mouse drags, by keys. */
    useClip(key, place, shift) {
        const { clip } = this.state;
        if (key !== "v") {
            this.state.clip = shift && { shift, from: place, isCut: key === "x" };
        } else if (clip?.isCut) {
            this.state.clip = null;
            const { staff, date } = clip.from;
            if (staff !== place.staff || date !== place.date) {
                this.attempt(
                    () => this.model.move(clip.shift, clip.from, place),
                    _t("Moved"),
                );
            }
        } else if (clip) {
            const cells = this.cellsAt(place);
            this.attempt(
                () => this.model.place(cells, clip.shift),
                _t("Copied as a draft"),
            );
        }
    }

    choose(element, cells) {
        const [first] = cells;
        this.adding.open(element, {
            usual: usualHours(this.data.staff),
            title: cells.length > 1 ? _t("%s days", cells.length) : "",
            isSingle: cells.length === 1,
            onChoose: (shift) =>
                this.attempt(
                    () => this.model.place(cells, shift),
                    _t("Added as drafts"),
                ),
            onOther: () => this.openForm(false, first),
            onPattern: () => this.openPattern(cells),
        });
        this.state.marked = cells;
    }

    // Shifts

    onShiftKeydown(ev, person, day, shift) {
        if (ev.key === "Enter") {
            this.openForm(shift);
        } else if (["Delete", "Backspace"].includes(ev.key) && this.data.can_edit) {
            this.remove(person, day, shift);
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    remove(person, day, shift) {
        const place = { staff: person.id, date: day.date };
        return this.attempt(() => this.model.remove(shift, place), _t("Deleted"));
    }

    onDragStart({ element, addClass }) {
        const { staff, date } = element.closest("td").dataset;
        const place = { staff: Number(staff), date };
        const shift = this.model
            .cell(place.staff, date)
            .shifts.find(({ id }) => id === Number(element.dataset.shift));
        this.dragged = { shift, ...place };
        addClass(element, "shadow");
    }

    onDrag({ x, y }) {
        const place = this.placeAt(x, y);
        const target = this.state.target;
        if (place?.staff !== target?.staff || place?.date !== target?.date) {
            this.state.target = place;
        }
    }

    /** The day under the pointer; the page itself does not answer while dragging. */
    placeAt(x, y) {
        for (const cell of this.root.el.querySelectorAll("td[data-staff]")) {
            const { left, right, top, bottom } = cell.getBoundingClientRect();
            if (left <= x && x < right && top <= y && y < bottom) {
                return { staff: Number(cell.dataset.staff), date: cell.dataset.date };
            }
        }
        return null;
    }

    async onDrop({ x, y }) {
        const to = this.placeAt(x, y);
        const { shift, ...from } = this.dragged;
        if (!to || (from.staff === to.staff && from.date === to.date)) {
            return;
        }
        if (this.isCopying) {
            await this.attempt(
                () => this.model.place([to], shift),
                _t("Copied as a draft"),
            );
        } else {
            await this.attempt(() => this.model.move(shift, from, to), _t("Moved"));
        }
    }

    /** Do something; say so with a way back, or show again what the server has. */
    async attempt(change, message) {
        const before = this.data.to_move;
        this.state.marked = [];
        try {
            await change();
        } catch (error) {
            await this.model.load();
            throw error;
        }
        this.notification.add(message, {
            type: "success",
            buttons: [{ name: _t("Undo"), onClick: () => this.undo() }],
        });
        this.warnOfBookings(before);
    }

    warnOfBookings(before) {
        const count = this.data.to_move - before;
        if (count > 0) {
            this.notification.add(_t("%s bookings lost their time.", count), {
                type: "warning",
                sticky: true,
                buttons: [
                    { name: _t("Find new times"), onClick: () => this.openDisplaced() },
                ],
            });
        }
    }

    async undo() {
        if (await this.model.undo()) {
            this.notification.add(_t("Undone"), { type: "info" });
        }
    }

    async publish() {
        const before = this.data.to_move;
        const count = await this.model.publish();
        this.notification.add(_t("%s shifts published; the team is told.", count), {
            type: "success",
        });
        this.warnOfBookings(before);
    }

    // Dialogs and other screens

    openForm(shift, cell) {
        this.state.marked = [];
        this.dialog.add(FormViewDialog, {
            resModel: "salon.shift",
            resId: shift ? shift.id : false,
            title: shift ? _t("Shift") : _t("New shift"),
            mode: this.data.can_edit ? "edit" : "readonly",
            context: cell
                ? {
                      default_staff_id: cell.staff,
                      default_business_date: cell.date,
                      default_branch_id: this.state.branch,
                      default_is_published: false,
                  }
                : {},
            onRecordSaved: () => this.model.load(),
            onRecordDiscarded: () => this.model.load(),
        });
    }

    openPattern(cells) {
        const dates = cells.map(({ date }) => date).sort();
        this.openWizard("salon_booking.salon_roster_generate_action", {
            default_staff_ids: [...new Set(cells.map(({ staff }) => staff))],
            default_date_from: dates[0],
            default_date_until: dates.length > 1 ? dates.at(-1) : undefined,
        });
    }

    makeShifts() {
        this.openWizard("salon_booking.salon_roster_generate_action", {
            default_date_from: this.data.days[0].date,
            default_date_until: this.data.days.at(-1).date,
        });
    }

    copyWeek() {
        this.openWizard("salon_booking.salon_roster_copy_action", {
            default_day: this.data.days[0].date,
        });
    }

    openWizard(name, values) {
        this.state.marked = [];
        const context = { default_branch_id: this.state.branch, salon_stay: true };
        for (const [key, value] of Object.entries(values)) {
            if (value !== undefined) {
                context[key] = value;
            }
        }
        return this.action.doAction(name, {
            additionalContext: context,
            onClose: () => this.model.load(),
        });
    }

    openDisplaced() {
        return this.action.doAction("salon_booking.salon_displacement_action");
    }

    openShifts() {
        return this.action.doAction("salon_booking.salon_shift_action");
    }

    onDateChange(date) {
        return date && this.model.toDay(date);
    }

    get firstDate() {
        return deserializeDate(this.state.first);
    }

    today() {
        return this.model.toDay(deserializeDate(this.data.today));
    }
}

registry.category("actions").add("salon_roster_grid", RosterGrid);
