import { _t } from "@web/core/l10n/translation";
import {
    Component,
    EventBus,
    onWillStart,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { Layout } from "@web/search/layout";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { usePopover } from "@web/core/popover/popover_hook";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";

import { BoardColumn } from "./board_column";
import { BoardControls, BoardDates } from "./board_controls";
import { BoardDrag } from "./board_drag";
import { BoardDrawer } from "./board_drawer";
import { BoardFocus } from "./board_focus";
import { BoardHelp } from "./board_help";
import { BoardMenu } from "./board_menu";
import { BoardModel, COLUMNS, DENSITIES } from "./board_model";
import { BoardOperations } from "./board_operations";
import { BoardPointer } from "./board_pointer";
import { BookingSheet } from "./booking_sheet";
import { clock, dayLabel } from "./board_clock";
import { NowLine } from "./now_line";
import { TeamWeek } from "./team_week";
import { TimeRuler } from "./time_ruler";
import { onBoardKeydown, useBoardKeys } from "./board_keys";
import { useBoardLive } from "./board_live";
import { VisitCard } from "./visit_card";

/** The day board: who and what is busy when, and everything done about it. */
export class BoardAction extends Component {
    static template = "salon_booking.BoardAction";
    static components = {
        BoardColumn,
        BoardControls,
        BoardDates,
        BoardDrawer,
        BoardMenu,
        BookingSheet,
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
        this.main = useRef("main");
        this.live = useRef("live");
        this.dialog = useService("dialog");
        this.model = new BoardModel({
            orm: useService("orm"),
            date: this.props.state?.date,
        });
        this.announce = this.announce.bind(this);
        this.openMenu = this.openMenu.bind(this);
        this.operations = new BoardOperations(this.model, this.announce);
        this.drag = new BoardDrag({
            model: this.model,
            operations: this.operations,
            scroll: () => this.scroll.el,
            body: () => this.body.el,
            menu: this.openMenu,
            announce: this.announce,
            outside: (id) => this.outside(id),
        });
        this.focus = new BoardFocus(this);
        this.pointer = new BoardPointer(this);
        this.view = useState(this.model.view);
        this.config = useState(this.model.config);
        this.card = usePopover(VisitCard, {
            position: "right-start",
            popoverClass: "o_salon_visit_popover",
            useBottomSheet: this.env.isSmall,
        });
        useSetupAction({
            getLocalState: () => ({
                date: this.config.date,
                top: this.scroll.el?.scrollTop,
            }),
        });
        useBoardKeys(this);
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
            () => this.pointer.markWish(),
            () => [
                wish.isOpen,
                wish.staff,
                wish.start,
                this.view.drawn,
                this.config.density,
            ],
        );
    }

    // What is shown

    get columns() {
        return this.view.columns;
    }

    /** The branches that are side by side, each with the columns that it has. */
    get groups() {
        const groups = [];
        this.columns.forEach((column, index) => {
            if (groups.at(-1)?.branch !== column.branch) {
                groups.push({ branch: column.branch, column, index, count: 0 });
            }
            groups.at(-1).count++;
        });
        return groups;
    }

    isFirstOfBranch(column) {
        return (
            this.model.isTogether &&
            this.columns.find(({ branch }) => branch === column.branch) === column
        );
    }

    /** One line through all columns, or one per branch whose clock shows another hour. */
    get nows() {
        const { columns, groups } = this;
        if (this.config.span !== "day") {
            return columns.map((column) => ({ column }));
        }
        const isOne = groups.every(({ column }) => column.origin === columns[0].origin);
        return isOne ? [{ column: columns[0] }] : groups;
    }

    get isTeam() {
        return this.config.span === "team";
    }

    get isRtl() {
        return document.body.classList.contains("o_rtl");
    }

    get style() {
        const [from, to] = this.view.hours;
        const { density } = this.config;
        return [
            `--o-salon-minute: ${DENSITIES[density]}px`,
            `--o-salon-length: ${to - from}`,
            `--o-salon-slot: ${this.model.slot}`,
            `--o-salon-width: ${COLUMNS[density]}rem`,
            `--o-salon-columns: ${this.columns.length}`,
        ].join("; ");
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
        const days = this.model.data.branches.flatMap((branch) => branch.days);
        const onDay = days.filter(({ date }) => date === this.config.date);
        if (this.model.data.staff.length && this.config.who !== "places") {
            const isClosed = !onDay.some(({ open }) => open.length);
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

    /** On a phone: the columns to go to, or whose week it is. */
    get people() {
        if (this.config.span === "person") {
            return this.model.data.staff.map(({ id, name }) => ({
                key: id,
                name,
                isShown: id === this.config.person,
                show: () => this.set({ person: id }),
            }));
        }
        return this.columns.map((each) => ({
            key: each.key,
            name: this.columnTitle(each),
            isShown: false,
            show: () => this.goTo(each.key),
        }));
    }

    onDrawn() {
        if (!this.view.ready) {
            return;
        }
        if (performance.getEntriesByName("salon_board.data").length) {
            performance.measure("salon_board.usable", "salon_board.data");
            performance.clearMarks("salon_board.data");
        }
        this.focus.onDrawn();
        this.drag.onDrawn();
        if (!this.hasScrolled && this.columns.length) {
            this.hasScrolled = true;
            this.scrollToNow(this.props.state?.top);
        }
    }

    scrollToNow(top) {
        const { origin, midnight, next } = this.columns[0];
        const isNow = midnight <= clock.now && clock.now < next;
        const first = Math.min(
            ...this.columns.flatMap((each) =>
                each.items.map((item) => item.start - each.origin),
            ),
            Infinity,
        );
        const minute = isNow ? clock.now - origin : isFinite(first) ? first : 0;
        const height = this.scroll.el.clientHeight;
        this.scroll.el.scrollTop =
            top ?? minute * this.drag.pixels - height / (isNow ? 3 : 8);
        const today = this.columns.findIndex((column) => this.isColumnToday(column));
        if (this.config.span === "person" && this.env.isSmall) {
            this.goTo(this.columns[Math.max(today, 0)].key);
        }
    }

    columnOf(key) {
        return this.body.el.querySelector(`.o_salon_board_column[data-key="${key}"]`);
    }

    goTo(key) {
        const ruler = this.body.el.firstElementChild.getBoundingClientRect();
        const box = this.columnOf(key).getBoundingClientRect();
        const by = this.isRtl ? box.right - ruler.left : box.left - ruler.right;
        this.scroll.el.scrollBy({ left: by, behavior: "smooth" });
    }

    /** Say it to those who do not see it. */
    announce(text) {
        if (this.live.el) {
            this.live.el.textContent = text;
        }
    }

    // What opens

    /** The menu of an appointment or of blocked time, at the pointer or at the block. */
    openMenu(element, ev, what = {}) {
        const found = this.drag.find(element);
        if (!found) {
            return;
        }
        element.focus({ preventScroll: true });
        const box = element.getBoundingClientRect();
        this.bus.trigger("open", {
            x: ev?.clientX ?? box.left + 16,
            y: ev?.clientY ?? box.top + 16,
            element,
            ...found,
            ...what,
        });
    }

    openCard(block) {
        const { item } = this.drag.find(block);
        const { key } = item;
        this.card.open(block, {
            appointment: item.appointment,
            model: this.model,
            operations: this.operations,
            menu: () => this.openMenu(this.focus.blockOf(key)),
            close: () => this.card.close(), // the host's bottom sheet gives none
        });
    }

    help() {
        this.dialog.add(BoardHelp);
    }

    bookAtFocus() {
        return this.operations.book(...this.focus.time);
    }

    /** An appointment that is in the drawer, not in a column. */
    outside(id) {
        const entry = this.model.toMove.find((each) => each.appointment === id);
        return (
            entry && {
                appointment: {
                    id,
                    visit: entry.visit,
                    branch: entry.branch,
                    client: entry.client?.name,
                    start: entry.start,
                    stop: entry.start + entry.minutes,
                    staff: entry.staff_id,
                    version: entry.version,
                },
            }
        );
    }

    onKeydown(ev) {
        onBoardKeydown(this, ev);
    }

    // Controls

    set(values) {
        if (["branch", "branches", "span"].some((key) => key in values)) {
            this.hasScrolled = false;
        }
        if ("branch" in values) {
            this.operations.wish.isOpen = false;
        }
        return this.model.set(values);
    }

    goToday() {
        this.hasScrolled = false;
        return this.set({ date: this.model.today });
    }

    toggleDrawer() {
        return this.set({ drawer: !this.config.drawer });
    }
}

registry.category("actions").add("salon_board", BoardAction);
