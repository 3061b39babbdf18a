import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";

import { BoardGhost } from "./board_ghost";
import { DENSITIES } from "./board_model";
import {
    HeldAppointment,
    HeldBlock,
    HeldBlockEnd,
    HeldEnd,
    HeldPart,
} from "./board_held";

/** A finger rests this long before it takes hold of a block. */
const LONG_PRESS = 400;
/** A mouse moves this far before a click becomes a drag; a finger is never quite still. */
const THRESHOLD = { mouse: 5, pen: 8, touch: 10 };
/** So near to an edge the board scrolls by itself. */
const EDGE = 48;

/**
 * Takes hold of a block, with mouse, finger or keys, and lets it go somewhere else. While
 * it floats nothing is rendered: a copy of its element follows the pointer, and what the
 * server answered at the beginning tells where it may land.
 */
export class BoardDrag {
    /**
     * @param {object} params
     * @param {import("./board_model").BoardModel} params.model
     * @param {import("./board_operations").BoardOperations} params.operations
     * @param {() => HTMLElement} params.scroll what scrolls
     * @param {() => HTMLElement} params.body what holds the columns
     * @param {(block: HTMLElement) => void} params.menu
     * @param {(text: string) => void} params.announce
     * @param {(id: number) => object} params.outside an appointment of the drawer
     */
    constructor(params) {
        Object.assign(this, params);
        this.press = null;
        this.held = null;
        this.justDragged = false;
        this.onMove = this.onMove.bind(this);
        this.onUp = this.onUp.bind(this);
        this.onKey = this.onKey.bind(this);
        this.release = this.release.bind(this);
        this.step = this.step.bind(this);
    }

    get pixels() {
        return DENSITIES[this.model.config.density];
    }

    /** The item, or the blocked time, of an element, with its column. */
    find({ dataset }) {
        const column = this.model.view.columns.find(
            ({ key }) => key === dataset.column,
        );
        const item = column?.items.find(({ key }) => key === dataset.key);
        if (item) {
            return { item, column };
        }
        const found = column?.blocks.find(
            ([, , each]) => each.kind === "block" && String(each.id) === dataset.id,
        );
        return found && { block: found[2], column };
    }

    // Taking hold

    onPointerDown(ev) {
        if (this.held) {
            return;
        }
        this.justDragged = false;
        const source = ev.target.closest("[data-drag]");
        if (ev.button !== 0 || this.press || !source) {
            return;
        }
        this.press = {
            source,
            x: ev.clientX,
            y: ev.clientY,
            kind: ev.pointerType || "mouse",
            pointer: ev.pointerId,
            mode: this.modeOf(ev),
        };
        this.pointer = { x: ev.clientX, y: ev.clientY };
        browser.addEventListener("pointermove", this.onMove);
        browser.addEventListener("pointerup", this.onUp);
        browser.addEventListener("pointercancel", this.release);
        browser.addEventListener("keydown", this.onKey, true);
        if (this.isTouch) {
            this.timer = browser.setTimeout(() => this.lift(), LONG_PRESS);
        }
    }

    get isTouch() {
        return this.press?.kind === "touch";
    }

    modeOf(ev) {
        if (ev.target.closest(".o_salon_block_resize")) {
            return "resize";
        }
        if (ev.target.closest(".o_salon_piece_grip") || ev.shiftKey) {
            return "part";
        }
        return ev.ctrlKey || ev.metaKey || ev.altKey ? "copy" : "move";
    }

    onMove(ev) {
        if (ev.pointerId !== this.press.pointer) {
            return; // another finger
        }
        this.pointer = { x: ev.clientX, y: ev.clientY };
        if (this.held) {
            this.moved ||= this.isFar();
            this.schedule();
        } else if (this.isFar()) {
            if (this.isTouch) {
                this.release(); // the finger scrolls
            } else {
                this.lift();
            }
        }
    }

    isFar() {
        const { x, y, kind } = this.press;
        return Math.hypot(this.pointer.x - x, this.pointer.y - y) > THRESHOLD[kind];
    }

    lift() {
        const { source, mode, y } = this.press;
        const top = source.getBoundingClientRect().top;
        const minute = (y - top) / this.pixels;
        const held = this.take(source, mode, minute);
        if (!held) {
            return this.release();
        }
        this.moved = !this.isTouch;
        this.begin(held, source, held.isWhole ? y - top : 0);
        if (this.isTouch) {
            browser.navigator.vibrate?.(15);
        }
    }

    /** What one has in the hand then; nothing when it may not be taken. */
    take(source, mode, minute = 0) {
        if (!this.body()) {
            return null; // the drawer stands beside the team's week, too
        }
        if (source.dataset.drag === "drawer") {
            const entry = this.outside(Number(source.dataset.id));
            return entry && new HeldAppointment(this.model, null, { mode, ...entry });
        }
        const found = this.find(source);
        if (!found || !this.model.can.book) {
            return null;
        }
        const { item, block, column } = found;
        if (block) {
            const Kind = mode === "resize" ? HeldBlockEnd : HeldBlock;
            return ["move", "resize"].includes(mode)
                ? new Kind(this.model, column, { block })
                : null;
        }
        const { appointment } = item;
        if (mode === "resize") {
            return new HeldEnd(this.model, column, { appointment });
        }
        if (mode === "part") {
            const at = item.start + minute;
            const part = appointment.phases.findIndex(
                ([, start, stop, staff]) => staff && start <= at && at < stop,
            );
            return appointment.phases.length > 1 && part >= 0
                ? new HeldPart(this.model, column, { appointment, part })
                : null;
        }
        // A part in somebody else's column is drawn later than its appointment.
        const offset = item.start - appointment.start;
        return new HeldAppointment(this.model, column, { appointment, mode, offset });
    }

    /** Where the columns are; asked once, not while the hand moves. */
    measure() {
        const { columns } = this.model.view;
        const elements = [...this.body().querySelectorAll(".o_salon_board_column")];
        this.columns = elements
            .map((el) => ({
                el,
                left: el.offsetLeft,
                width: el.offsetWidth,
                column: columns.find(({ key }) => key === el.dataset.key),
            }))
            .filter(({ column }) => column);
    }

    begin(held, source, grab = 0) {
        const body = this.body();
        this.measure();
        Object.assign(this, { held, source, grab, keys: null, target: null });
        this.isPut = false;
        this.justDragged = true; // the click that follows is none
        this.ghost = new BoardGhost(held, source);
        body.querySelector(".o_salon_board_ghosts").append(this.ghost.el);
        body.classList.add("o_salon_dragging");
        if (held.mode !== "copy") {
            source?.classList.add("o_salon_held");
        }
        if (held.question) {
            this.ask(held);
        } else {
            this.paint();
        }
        this.schedule();
    }

    /** Where may it go? Asked once per day, while the hand is already moving. */
    async ask(held) {
        const { question } = held;
        let answers;
        try {
            answers = await this.model.call("answers", question);
        } catch (error) {
            this.release();
            throw error;
        }
        if (this.held === held && held.question === question) {
            held.answers = answers;
            this.paint();
            this.schedule();
        }
    }

    /** Make visible where it would fit, column by column. */
    paint() {
        for (const { el, column } of this.columns) {
            const zones = this.held.zones(column);
            if (!zones) {
                continue;
            }
            const areas = zones.map(([start, stop]) => {
                const area = document.createElement("div");
                area.className = "o_salon_board_zone";
                const from = Math.max(start, column.origin);
                area.style.setProperty("--start", from - column.origin);
                area.style.setProperty("--length", Math.min(stop, column.end) - from);
                return area;
            });
            el.querySelector(".o_salon_board_zones").replaceChildren(...areas);
            el.classList.toggle("o_salon_refuses", !zones.length);
        }
    }

    // On the way

    schedule() {
        this.frame ||= browser.requestAnimationFrame(this.step);
    }

    step() {
        this.frame = null;
        if (!this.held) {
            return;
        }
        this.show(this.keys || this.aim());
        if (!this.keys && this.scrollAtEdge()) {
            this.schedule();
        }
    }

    /** The column and the minute under the pointer. */
    aim() {
        const { held, pointer, grab } = this;
        const box = this.body().getBoundingClientRect();
        const x = pointer.x - box.left;
        const y = pointer.y - box.top - this.columns[0].el.offsetTop;
        const away = ({ left, width }) => Math.max(left - x, x - left - width, 0);
        const under = held.isAtHome
            ? this.columns.find(({ column }) => column.key === held.column.key)
            : this.columns.reduce((best, each) =>
                  away(each) < away(best) ? each : best,
              );
        const minute = under.column.origin + (y - grab) / this.pixels;
        held.stretch?.(minute);
        return { under, start: held.startAt(under.column, minute) };
    }

    show({ under, start }) {
        const { held } = this;
        const { column } = under;
        const minutes = held.minutesIn(column);
        const verdict = held.judge(column, start);
        this.target = { column, start };
        const top = (start + held.offset - column.origin) * this.pixels;
        this.ghost.show({
            left: under.left,
            top: top + under.el.offsetTop,
            width: under.width,
            minutes,
            verdict,
            time: this.model.clockOf(column).span(start, start + minutes),
            who: column.name || _t("Nobody yet"),
        });
    }

    scrollAtEdge() {
        const scroll = this.scroll();
        const box = scroll.getBoundingClientRect();
        const { x, y } = this.pointer;
        const pull = (near, far) =>
            (near < EDGE ? near - EDGE : far < EDGE ? EDGE - far : 0) / 4;
        const [dx, dy] = [
            pull(x - box.left, box.right - x),
            pull(y - box.top - 40, box.bottom - y),
        ];
        if (!dx && !dy) {
            return false;
        }
        const before = [scroll.scrollLeft, scroll.scrollTop];
        scroll.scrollBy(dx, dy);
        return before[0] !== scroll.scrollLeft || before[1] !== scroll.scrollTop;
    }

    // Letting go

    async onUp(ev) {
        const { held, press } = this;
        if (ev.pointerId !== press.pointer) {
            return;
        }
        if (!held) {
            return this.release();
        }
        if (!this.moved) {
            this.release();
            this.menu(press.source);
            return;
        }
        if (this.frame) {
            browser.cancelAnimationFrame(this.frame);
            this.step();
        }
        await this.putDown();
    }

    /** Let go here: the copy stays where it is until the server has answered. */
    async putDown() {
        const { held, ghost, target } = this;
        if (this.isPut) {
            return; // a second click on the same button
        }
        this.isPut = true;
        this.unlisten();
        this.clear();
        if (!target) {
            return this.release();
        }
        ghost.el.classList.add("o_salon_saving");
        try {
            await held.drop(this.operations, target.column, target.start);
        } finally {
            this.release();
        }
    }

    // Without a button pressed: by keys, or by clicks after the menu

    /** Hold a block: arrows or a click move it, Enter lets it go. */
    holdStill(source, mode = "move") {
        const held = !this.held && this.take(source, mode);
        if (!held) {
            return;
        }
        this.begin(held, source);
        this.keys = this.place(held);
        this.ghost.addButtons(() => this.putDown(), this.release);
        browser.addEventListener("keydown", this.onKey, true);
        this.announce(
            _t("Move with the arrow keys, Enter puts it there, Escape leaves it."),
        );
    }

    /** Where it is; out of the drawer, at its time of the day with its person. */
    place(held) {
        const { start } = held;
        if (held.column) {
            const under = this.columns.find(({ column }) => column === held.column);
            return { under, start };
        }
        const { branch, staff } = held.appointment;
        const under =
            this.columns.find(
                ({ column }) =>
                    column.branch === branch &&
                    column.kind === "staff" &&
                    column.id === staff,
            ) || this.columns[0];
        const wall = this.model.clockOf(held.appointment);
        return {
            under,
            start: start + under.column.zero - wall.zero(wall.date(start)),
        };
    }

    /** A click or a tap while it is held: there it would go. */
    pointAt(ev) {
        this.pointer = { x: ev.clientX, y: ev.clientY };
        this.moveTo(this.aim());
    }

    /** The board changed under the hand: a colleague's visit, or another day. */
    onDrawn() {
        const { held, keys } = this;
        if (!held || this.isPut) {
            return;
        }
        if (!this.body() || !this.isStillThere(held)) {
            return this.release();
        }
        this.measure();
        this.body().querySelector(".o_salon_board_ghosts").append(this.ghost.el);
        this.body().classList.add("o_salon_dragging");
        const { question, answers } = held;
        const [id, ...asked] = question || [];
        if (question && String(asked) !== String(this.model.range)) {
            held.question = [id, ...this.model.range];
            held.answers = null;
            this.ask(held);
        } else if (!question || answers) {
            this.paint();
        }
        if (keys) {
            this.follow(keys);
        } else {
            this.schedule();
        }
    }

    /** An end stays in its column; all else goes anywhere. */
    isStillThere({ isAtHome, column }) {
        const { columns } = this.model.view;
        return isAtHome
            ? columns.some(({ key }) => key === column.key)
            : columns.length;
    }

    /** To the same person, at the same time of the day that is shown now. */
    follow({ under, start }) {
        const before = under.column;
        const isSame = ({ column }) =>
            column.kind === before.kind && column.id === before.id;
        const now = this.columns.find(isSame) || this.columns[0];
        this.moveTo({ under: now, start: start + now.column.zero - before.zero });
    }

    moveTo(keys) {
        const said = this.ghost.text;
        this.keys = keys;
        this.show(keys);
        if (this.ghost.text !== said) {
            this.announce(this.ghost.text);
        }
    }

    onKey(ev) {
        if (!this.held) {
            return;
        }
        const stop = () => {
            ev.preventDefault();
            ev.stopImmediatePropagation();
        };
        if (ev.key === "Escape") {
            stop();
            return this.release();
        }
        if (!this.keys) {
            return;
        }
        if (ev.key === "Enter") {
            stop();
            return this.putDown();
        }
        const side = document.body.classList.contains("o_rtl") ? -1 : 1;
        const [dx, dy] = {
            ArrowUp: [0, -1],
            ArrowDown: [0, 1],
            ArrowLeft: [-side, 0],
            ArrowRight: [side, 0],
        }[ev.key] || [0, 0];
        if ((!dx && !dy) || ev.shiftKey) {
            return; // with shift another day is turned to
        }
        stop();
        let { under, start } = this.keys;
        start += dy * this.model.slot;
        if (dx) {
            const at = this.columns.indexOf(under) + dx;
            const next =
                this.columns[Math.min(Math.max(at, 0), this.columns.length - 1)];
            // In another day the same time of that day.
            start += next.column.zero - under.column.zero;
            under = next;
        }
        this.moveTo({ under, start });
        this.ghost.el.scrollIntoView({ block: "nearest", inline: "nearest" });
    }

    unlisten() {
        browser.clearTimeout(this.timer);
        browser.removeEventListener("pointermove", this.onMove);
        browser.removeEventListener("pointerup", this.onUp);
        browser.removeEventListener("pointercancel", this.release);
        browser.removeEventListener("keydown", this.onKey, true);
    }

    clear() {
        for (const { el } of this.columns || []) {
            el.classList.remove("o_salon_refuses");
            el.querySelector(".o_salon_board_zones")?.replaceChildren();
        }
        this.body()?.classList.remove("o_salon_dragging");
    }

    release() {
        this.unlisten();
        this.clear();
        this.source?.classList.remove("o_salon_held");
        this.ghost?.el.remove();
        this.ghost = this.held = this.press = this.columns = this.source = null;
        this.keys = this.target = null;
        this.isPut = false;
    }
}
