import { _t } from "@web/core/l10n/translation";
import {
    Component,
    EventBus,
    onWillStart,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import { throttleForAnimation } from "@web/core/utils/timing";
import { DateTimePicker } from "@web/core/datetime/datetime_picker";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { Layout } from "@web/search/layout";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";
import { usePopover } from "@web/core/popover/popover_hook";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";

import { BoardColumn } from "./board_column";
import { BoardDrag } from "./board_drag";
import { BoardDrawer } from "./board_drawer";
import { BoardHelp } from "./board_help";
import { BoardMenu } from "./board_menu";
import { useBoardKeys } from "./board_keys";
import { useBoardLive } from "./board_live";
import { BoardModel, DENSITIES } from "./board_model";
import { BoardOperations } from "./board_operations";
import { clock, dayLabel } from "./board_clock";
import { BookingSheet } from "./booking_sheet";
import { NowLine } from "./now_line";
import { snap } from "./layout";
import { TeamWeek } from "./team_week";
import { TimeRuler } from "./time_ruler";
import { VisitCard } from "./visit_card";

/** So many branches have a button each; more are in a list. */
const BUTTONS = 4;

/** The day board: who and what is busy when, and everything done about it. */
export class BoardAction extends Component {
    static template = "salon_booking.BoardAction";
    static components = {
        BoardColumn,
        BoardDrawer,
        BoardMenu,
        BookingSheet,
        DateTimePicker,
        Dropdown,
        DropdownItem,
        Layout,
        NowLine,
        TeamWeek,
        TimeRuler,
    };
    static props = { ...standardActionServiceProps };

    setup() {
        this.bus = new EventBus();
        this.scroll = useRef("scroll");
        this.body = useRef("body");
        this.live = useRef("live");
        this.hover = useRef("hover");
        this.wishMark = useRef("wish");
        this.person = useRef("person");
        this.datePicker = useDropdownState();
        this.model = new BoardModel({
            orm: useService("orm"),
            date: this.props.state?.date,
        });
        this.announce = this.announce.bind(this);
        this.openMenu = this.openMenu.bind(this);
        this.hold = this.hold.bind(this);
        this.operations = new BoardOperations(this.model, this.announce);
        this.drag = new BoardDrag({
            model: this.model,
            scroll: () => this.scroll.el,
            body: () => this.body.el,
            drop: ({ mode, appointment, values }) =>
                this.operations.change(appointment, values, mode),
            menu: this.openMenu,
            announce: this.announce,
            outside: (id) => this.outside(id),
        });
        this.view = useState(this.model.view);
        this.config = useState(this.model.config);
        this.card = usePopover(VisitCard, {
            position: "right-start",
            popoverClass: "o_salon_visit_popover",
            useBottomSheet: this.env.isSmall,
        });
        this.dialog = useService("dialog");
        useSetupAction({
            getLocalState: () => ({
                date: this.config.date,
                top: this.scroll.el?.scrollTop,
            }),
        });
        useBoardKeys(this, {
            area: () => this.body.el,
            turn: (direction) => this.model.turn(this.isRtl ? -direction : direction),
        });
        useBoardLive(this);
        onWillStart(() => {
            this.model.load(); // shown as soon as it is there; the frame is shown at once
        });
        useEffect(
            () => this.onDrawn(),
            () => [this.view.drawn],
        );
        const { wish } = this.operations;
        useEffect(
            () => this.markWish(),
            () => [
                wish.isOpen,
                wish.staff,
                wish.start,
                this.view.drawn,
                this.config.density,
            ],
        );
        this.onHover = throttleForAnimation(this.onHover.bind(this));
        this.onScroll = throttleForAnimation(this.onScroll.bind(this));
        const keepStill = (ev) => this.drag.held && ev.preventDefault();
        useEffect(
            (el) => {
                // A finger that holds a block must not scroll.
                el?.addEventListener("touchmove", keepStill, { passive: false });
                return () => el?.removeEventListener("touchmove", keepStill);
            },
            () => [this.scroll.el],
        );
        onWillUnmount(() => this.drag.release());
    }

    // What is shown

    get columns() {
        return this.view.columns;
    }

    get isTeam() {
        return this.config.span === "team";
    }

    get style() {
        const [from, to] = this.view.hours;
        const pixels = DENSITIES[this.config.density];
        return `--o-salon-minute: ${pixels}px; --o-salon-length: ${to - from}; --o-salon-slot: ${this.model.slot}`;
    }

    get title() {
        const { date, span } = this.config;
        if (!date) {
            return "";
        }
        const format = { weekday: "short", day: "numeric", month: "short" };
        if (span === "day") {
            const year =
                date.slice(0, 4) === this.model.today.slice(0, 4)
                    ? {}
                    : { year: "numeric" };
            return dayLabel(date, { ...format, ...year });
        }
        const [first, last] = this.model.range;
        const short = { day: "numeric", month: "short" };
        return `${dayLabel(first, short)} – ${dayLabel(last, short)}`;
    }

    get date() {
        return luxon.DateTime.fromISO(this.config.date || this.model.today);
    }

    get isToday() {
        return this.config.date === this.model.today;
    }

    get branches() {
        return this.view.ready ? this.model.branches : [];
    }

    get hasBranchButtons() {
        return (
            this.branches.length > 1 &&
            this.branches.length <= BUTTONS &&
            !this.env.isSmall
        );
    }

    /** Why there is nothing to see, and what to do about it. */
    get empty() {
        if (!this.view.ready || this.isTeam) {
            return null;
        }
        if (!this.model.branch) {
            return {
                icon: "fa-map-marker",
                title: _t("You belong to no branch yet"),
                text: _t(
                    "Ask a manager to put your user into a branch, under its team.",
                ),
            };
        }
        if (this.columns.length) {
            return null;
        }
        const day = this.model.branch.days.find(
            ({ date }) => date === this.config.date,
        );
        if (this.model.data.staff.length && this.config.who !== "places") {
            const isClosed = !day?.open.length;
            return {
                icon: isClosed ? "fa-moon-o" : "fa-calendar-o",
                title: isClosed
                    ? _t("Closed on this day")
                    : _t("Nobody works on this day"),
                text: _t("Turn to another day, or show people who are not there, too."),
                everybody: true,
            };
        }
        return this.config.who === "places"
            ? {
                  icon: "fa-cube",
                  title: _t("No rooms and stations yet"),
                  text: _t("Add them under Configuration, Rooms and Stations."),
              }
            : {
                  icon: "fa-users",
                  title: _t("Nobody in the team yet"),
                  text: _t("Add people under Team and say in which branch they work."),
              };
    }

    columnTitle(column) {
        return this.config.span === "person"
            ? dayLabel(column.date)
            : column.name || _t("Nobody yet");
    }

    fill({ bookedMinutes, workMinutes }) {
        return workMinutes
            ? Math.min(Math.round((100 * bookedMinutes) / workMinutes), 100)
            : 0;
    }

    isColumnToday({ date }) {
        return date === this.model.today;
    }

    onDrawn() {
        if (!this.view.ready) {
            return;
        }
        if (performance.getEntriesByName("salon_board.data").length) {
            performance.measure("salon_board.usable", "salon_board.data");
            performance.clearMarks("salon_board.data");
        }
        const blocks = [...(this.body.el?.querySelectorAll(".o_salon_block") || [])];
        if (!blocks.some((block) => block.tabIndex === 0)) {
            blocks[0]?.setAttribute("tabindex", 0);
        }
        if (this.lookAgain) {
            const block = this.blockOf(this.lookAgain);
            this.lookAgain = null;
            block?.focus({ preventScroll: true });
        }
        if (!this.hasScrolled && this.columns.length) {
            this.hasScrolled = true;
            this.scrollToNow(this.props.state?.top);
        }
    }

    scrollToNow(top) {
        const { origin, midnight, next, items } = this.columns[0];
        const isNow = midnight <= clock.now && clock.now < next;
        const first = Math.min(
            ...this.columns.flatMap((each) =>
                each.items.map((item) => item.start - each.origin),
            ),
            Infinity,
        );
        const minute = isNow
            ? clock.now - origin
            : items && isFinite(first)
              ? first
              : 0;
        const height = this.scroll.el.clientHeight;
        this.scroll.el.scrollTop =
            top ?? minute * DENSITIES[this.config.density] - height / (isNow ? 3 : 8);
        const today = this.columns.findIndex((column) => this.isColumnToday(column));
        if (this.config.span === "person" && this.env.isSmall) {
            this.goTo(this.columns[Math.max(today, 0)].key);
        }
    }

    /** Say it to those who do not see it. */
    announce(text) {
        if (this.live.el) {
            this.live.el.textContent = text;
        }
    }

    // Keys

    get isRtl() {
        return document.body.classList.contains("o_rtl");
    }

    withBlock(target, run) {
        const block = target.closest(".o_salon_block");
        const found = block && this.drag.find(block);
        return found && run({ block, ...found });
    }

    /** What the host's hotkeys do not know. */
    onKeydown(ev) {
        const busy = ev.target.closest("[data-open]");
        if (ev.key === "?") {
            this.help();
        } else if (busy && ev.key === "Enter") {
            this.openBusy(busy);
        } else if (ev.key === "ContextMenu" || (ev.shiftKey && ev.key === "F10")) {
            const block = ev.target.closest(".o_salon_block");
            if (block) {
                ev.preventDefault();
                this.openMenu(block);
            }
        }
    }

    blockOf(key) {
        return this.body.el?.querySelector(`.o_salon_block[data-key="${key}"]`);
    }

    onFocusin(ev) {
        const block = ev.target.closest(".o_salon_block");
        if (block) {
            for (const other of this.body.el.querySelectorAll(
                ".o_salon_block[tabindex='0']",
            )) {
                other.setAttribute("tabindex", -1);
            }
            block.setAttribute("tabindex", 0);
        }
    }

    /** To the next appointment of the day, or to the one beside it. */
    step(block, dx, dy) {
        const { item, column } = this.drag.find(block);
        let next;
        if (dy) {
            const items = column.items;
            next = items[items.indexOf(item) + dy];
        } else {
            const side = this.isRtl ? -dx : dx;
            let at = this.columns.indexOf(column) + side;
            while (this.columns[at] && !this.columns[at].items.length) {
                at += side;
            }
            const distance = (each) =>
                Math.abs(each.start - each.origin - item.start + item.origin);
            next = this.columns[at]?.items.reduce((best, each) =>
                distance(each) < distance(best) ? each : best,
            );
        }
        const element = next && this.blockOf(next.key);
        element?.focus();
        element?.scrollIntoView({ block: "nearest", inline: "nearest" });
    }

    /** Where the focus is: the end of the focused appointment, else now. */
    focusedTime() {
        const block = document.activeElement?.closest?.(".o_salon_block");
        const found = block && this.drag.find(block);
        if (found) {
            return [found.column, found.item.stop];
        }
        return [null, null];
    }

    bookAtFocus() {
        return this.operations.book(...this.focusedTime());
    }

    hold(block, mode) {
        const { key } = block.dataset;
        // Through a menu the element may be another one by now.
        const element = this.blockOf(key) || block;
        this.lookAgain = key;
        element.focus();
        this.drag.holdWithKeys(element, mode);
    }

    help() {
        this.dialog.add(BoardHelp);
    }

    // Pointer

    onPointerDown(ev) {
        if (this.hover.el) {
            this.hover.el.hidden = true;
        }
        this.drag.onPointerDown(ev);
    }

    /** The column and the minute of the grid under the pointer. */
    timeAt(ev) {
        const element = ev.target.closest(".o_salon_board_column");
        const column =
            element && this.columns.find(({ key }) => key === element.dataset.key);
        if (!column) {
            return null;
        }
        const y = ev.clientY - element.getBoundingClientRect().top;
        const minute = column.origin + y / this.drag.pixels;
        return {
            element,
            column,
            start: snap(minute, this.model.slot, column.midnight),
        };
    }

    onHover(ev) {
        const hover = this.hover.el;
        if (!hover) {
            return;
        }
        const isFree =
            ev.pointerType === "mouse" && !this.drag.held && this.model.can.book;
        const at =
            isFree &&
            !ev.target.closest(".o_salon_block, [data-open]") &&
            this.timeAt(ev);
        hover.hidden = !at;
        if (!at) {
            return;
        }
        this.place(hover, at);
    }

    /** Put a mark at a time of a column. */
    place(mark, { element, column, start }) {
        const top = (start - column.origin) * this.drag.pixels + element.offsetTop;
        mark.style.left = 0; // in any direction of writing
        mark.style.width = `${element.offsetWidth}px`;
        mark.style.transform = `translate(${element.offsetLeft}px, ${top}px)`;
        mark.textContent = this.model.clock.time(start);
    }

    /** Show on the board where the visit that is being entered would begin. */
    markWish() {
        const { isOpen, staff, start } = this.operations.wish;
        const mark = this.wishMark.el;
        if (!mark) {
            return;
        }
        const column = this.columns.find(
            (each) =>
                each.kind === "staff" &&
                each.id === staff &&
                each.origin <= start &&
                start < each.end,
        );
        mark.hidden = !isOpen || !column;
        if (!mark.hidden) {
            const element = this.body.el.querySelector(
                `.o_salon_board_column[data-key="${column.key}"]`,
            );
            this.place(mark, { element, column, start });
        }
    }

    onLeave() {
        if (this.hover.el) {
            this.hover.el.hidden = true;
        }
    }

    onClick(ev) {
        if (this.drag.justDragged || this.drag.held) {
            return;
        }
        const block = ev.target.closest(".o_salon_block");
        if (block) {
            return this.openCard(block);
        }
        const busy = ev.target.closest("[data-open]");
        if (busy) {
            return this.openBusy(busy);
        }
        const at = this.timeAt(ev);
        if (at && this.model.can.book) {
            return this.operations.book(at.column, at.start);
        }
    }

    /** What is no appointment: a block is edited here, a group has a page of its own. */
    openBusy({ dataset }) {
        const id = Number(dataset.id);
        return dataset.open === "block"
            ? this.operations.dialogOf("salon.block", id, _t("Blocked time"))
            : this.operations.open("salon.group.event", id);
    }

    onDoubleClick(ev) {
        const found = this.withBlock(ev.target, (each) => each);
        if (found) {
            this.card.close();
            this.operations.openVisit(found.item.appointment);
        }
    }

    onContextMenu(ev) {
        ev.preventDefault();
        if (this.drag.held || this.drag.press?.isTouch) {
            return; // the finger that rests opens it when it leaves
        }
        const block = ev.target.closest(".o_salon_block");
        if (block) {
            return this.openMenu(block, ev);
        }
        const busy = ev.target.closest("[data-open=block]");
        const at = this.timeAt(ev);
        if (at && this.model.can.book) {
            this.bus.trigger("open", {
                x: ev.clientX,
                y: ev.clientY,
                ...at,
                block: busy && Number(busy.dataset.id),
            });
        }
    }

    openMenu(block, ev) {
        const found = this.drag.find(block);
        if (!found) {
            return;
        }
        block.focus({ preventScroll: true });
        const box = block.getBoundingClientRect();
        this.bus.trigger("open", {
            x: ev?.clientX ?? box.left + 16,
            y: ev?.clientY ?? box.top + 16,
            item: found.item,
            element: block,
        });
    }

    openCard(block) {
        const { item } = this.drag.find(block);
        const { key } = item;
        this.card.open(block, {
            appointment: item.appointment,
            model: this.model,
            operations: this.operations,
            menu: () => this.openMenu(this.blockOf(key)),
        });
    }

    /** An appointment that is in the drawer, not in a column. */
    outside(id) {
        const entry = (this.model.toMove || []).find((each) => each.appointment === id);
        return (
            entry && {
                start: entry.start,
                minutes: entry.minutes,
                offset: 0,
                column: null,
                appointment: {
                    id,
                    visit: entry.visit,
                    client: entry.client?.name,
                    start: entry.start,
                    stop: entry.start + entry.minutes,
                    staff: entry.staff_id,
                    version: entry.version,
                },
            }
        );
    }

    // Controls

    set(values) {
        if ("branch" in values || "span" in values) {
            this.hasScrolled = false;
        }
        if ("branch" in values) {
            this.operations.wish.isOpen = false;
        }
        return this.model.set(values);
    }

    openDay(values) {
        return this.set(values);
    }

    pickDate(date) {
        this.datePicker.close();
        return this.set({ date: date.toISODate() });
    }

    goToday() {
        this.hasScrolled = false;
        return this.set({ date: this.model.today });
    }

    toggleDrawer() {
        return this.set({ drawer: !this.config.drawer });
    }

    get hasPersonSelect() {
        const { span } = this.config;
        return (
            this.view.ready &&
            (span === "person" || (span === "day" && this.env.isSmall))
        );
    }

    /** Whose week it is; on a phone the columns to go to. */
    get people() {
        return this.config.span === "person"
            ? this.model.data.staff.map(({ id, name }) => ({ key: id, name }))
            : this.columns.map((each) => ({
                  key: each.key,
                  name: this.columnTitle(each),
              }));
    }

    choosePerson(key) {
        return this.config.span === "person"
            ? this.set({ person: Number(key) })
            : this.goTo(key);
    }

    toggleDrawerOff() {
        return this.set({ drawer: false });
    }

    /** On a phone the list of people follows the swipe. */
    onScroll() {
        const select = this.env.isSmall && this.config.span === "day" && this.person.el;
        if (select) {
            const { scrollLeft, clientWidth } = this.scroll.el;
            const width = clientWidth - this.body.el.firstElementChild.offsetWidth;
            const at = Math.round(Math.abs(scrollLeft) / width);
            select.value = this.columns[at]?.key;
        }
    }

    goTo(key) {
        const column = this.body.el.querySelector(
            `.o_salon_board_column[data-key="${key}"]`,
        );
        const ruler = this.body.el.firstElementChild.getBoundingClientRect();
        const box = column.getBoundingClientRect();
        const by = this.isRtl ? box.right - ruler.left : box.left - ruler.right;
        this.scroll.el.scrollBy({ left: by, behavior: "smooth" });
    }

    get choices() {
        return {
            who: [
                ["people", _t("People")],
                ["places", _t("Rooms and stations")],
                ["both", _t("Both")],
            ],
            colour: [
                ["state", _t("State")],
                ["category", _t("Category")],
                ["staff", _t("Person")],
            ],
            density: [
                ["compact", _t("Compact")],
                ["normal", _t("Normal")],
                ["roomy", _t("Roomy")],
            ],
        };
    }

    spans = [
        ["day", _t("Day")],
        ["person", _t("Person")],
        ["team", _t("Week")],
    ];
}

registry.category("actions").add("salon_board", BoardAction);
