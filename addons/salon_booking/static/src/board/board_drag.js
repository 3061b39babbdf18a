import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";

import { clock } from "./board_clock";
import { freeAreas, overlaps, subtract } from "./layout";
import { DENSITIES } from "./board_model";

/** A finger rests this long before it takes hold of a block. */
const LONG_PRESS = 400;
/** A mouse moves this far before a click becomes a drag. */
const THRESHOLD = 5;
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
     * @param {() => HTMLElement} params.scroll what scrolls
     * @param {() => HTMLElement} params.body what holds the columns
     * @param {(drop: object) => Promise} params.drop
     * @param {(held: object, target: HTMLElement) => void} params.menu
     * @param {(text: string) => void} params.announce
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

    /** Find the item of a block's element. */
    find(block) {
        const column = this.model.view.columns.find(
            ({ key }) => key === block.dataset.column,
        );
        const item = column?.items.find(({ key }) => key === block.dataset.key);
        return item && { item, column };
    }

    onPointerDown(ev) {
        this.justDragged = false;
        const source = ev.target.closest("[data-drag]");
        if (ev.button !== 0 || this.held || this.press || !source) {
            return;
        }
        const isTouch = ev.pointerType === "touch";
        this.press = {
            source,
            x: ev.clientX,
            y: ev.clientY,
            isTouch,
            pointer: ev.pointerId,
            mode: this.modeOf(ev),
            phase: Number(ev.target.closest("[data-phase]")?.dataset.phase ?? -1),
        };
        this.pointer = { x: ev.clientX, y: ev.clientY };
        browser.addEventListener("pointermove", this.onMove);
        browser.addEventListener("pointerup", this.onUp);
        browser.addEventListener("pointercancel", this.release);
        browser.addEventListener("keydown", this.onKey, true);
        if (isTouch) {
            this.timer = browser.setTimeout(() => this.lift(), LONG_PRESS);
        }
    }

    modeOf(ev) {
        if (ev.target.closest(".o_salon_block_resize")) {
            return "resize";
        }
        if (ev.target.closest(".o_salon_piece_grip") || ev.shiftKey) {
            return "phase";
        }
        return ev.ctrlKey || ev.metaKey || ev.altKey ? "copy" : "move";
    }

    onMove(ev) {
        if (ev.pointerId !== this.press.pointer) {
            return; // another finger
        }
        this.pointer = { x: ev.clientX, y: ev.clientY };
        if (this.held) {
            this.held.moved ||= this.isFar();
            this.schedule();
        } else if (this.press && this.isFar()) {
            if (this.press.isTouch) {
                this.release(); // the finger scrolls
            } else {
                this.lift();
            }
        }
    }

    isFar() {
        const { x, y } = this.press;
        return Math.hypot(this.pointer.x - x, this.pointer.y - y) > THRESHOLD;
    }

    lift() {
        const { source, mode, phase, isTouch, x, y } = this.press;
        const found = this.what(source, mode, phase);
        if (!found) {
            return this.release();
        }
        const box = source.getBoundingClientRect();
        this.begin(found, {
            source,
            grab: mode === "move" || mode === "copy" ? y - box.top : 0,
            moved: !isTouch,
            from: [x, y],
        });
        if (isTouch) {
            browser.navigator.vibrate?.(15);
        }
    }

    what(source, mode, phase) {
        if (source.dataset.drag === "drawer") {
            const entry = this.outside(Number(source.dataset.id));
            return entry && { mode: "move", ...entry };
        }
        const found = this.find(source);
        if (!found || !this.model.can.book) {
            return null;
        }
        const { item, column } = found;
        const part = mode === "phase" && item.appointment.phases[phase];
        if (mode === "phase" && !part) {
            return null;
        }
        const piece = part && { phase, start: part[1], stop: part[2] };
        return {
            mode,
            piece,
            column,
            appointment: item.appointment,
            start: piece ? piece.start : item.appointment.start,
            minutes: piece
                ? piece.stop - piece.start
                : item.appointment.stop - item.appointment.start,
            // A phase in somebody else's column is drawn later than its appointment.
            offset: piece ? 0 : item.start - item.appointment.start,
        };
    }

    begin(what, extra) {
        const body = this.body();
        this.columns = [...body.querySelectorAll(".o_salon_board_column")].map(
            (el) => ({
                el,
                left: el.offsetLeft,
                width: el.offsetWidth,
                column: this.model.view.columns.find(
                    ({ key }) => key === el.dataset.key,
                ),
            }),
        );
        this.held = { ...what, ...extra, drop: null, answers: null };
        this.justDragged = true; // the click that follows is none
        this.ghost = this.makeGhost();
        body.querySelector(".o_salon_board_ghosts").append(this.ghost);
        body.classList.add("o_salon_dragging");
        if (what.mode !== "copy") {
            extra.source?.classList.add("o_salon_held");
        }
        if (["move", "copy"].includes(what.mode)) {
            this.ask(this.held);
        }
        this.schedule();
    }

    /** Where may it go? Asked once, while the hand is already moving. */
    async ask(held) {
        let answers;
        try {
            answers = await this.model.call("answers", [
                held.appointment.id,
                ...this.model.range,
            ]);
        } catch (error) {
            this.release();
            throw error;
        }
        if (this.held !== held) {
            return;
        }
        held.answers = answers;
        this.paint();
        this.schedule();
    }

    /** Make visible where it would fit, column by column. */
    paint() {
        for (const { el, column } of this.columns) {
            const zones = el.querySelector(".o_salon_board_zones");
            const answer = this.answerOf(column);
            if (!zones || !answer || column.kind !== "staff") {
                continue;
            }
            const span = [column.origin, column.end];
            const starts = answer.starts.filter((start) =>
                overlaps([start, start + answer.minutes], span),
            );
            for (const [start, stop] of freeAreas(starts, answer.minutes)) {
                const area = document.createElement("div");
                area.className = "o_salon_board_zone";
                area.style.setProperty("--start", Math.max(start - column.origin, 0));
                area.style.setProperty(
                    "--length",
                    Math.min(stop, column.end) - Math.max(start, column.origin),
                );
                zones.append(area);
            }
            el.classList.toggle("o_salon_refuses", !starts.length);
        }
    }

    answerOf(column) {
        const { answers, appointment } = this.held;
        const staff = column?.kind === "staff" ? column.id : appointment.staff;
        return answers?.staff[staff];
    }

    makeGhost() {
        const { source, minutes, appointment } = this.held;
        const ghost = document.createElement("div");
        ghost.className = "o_salon_ghost";
        ghost.style.left = 0; // in any direction of writing; moved by transform
        const isBlock = source?.classList.contains("o_salon_block");
        if (isBlock && ["move", "copy"].includes(this.held.mode)) {
            const copy = source.cloneNode(true);
            for (const name of ["tabindex", "role", "data-drag", "data-key", "id"]) {
                copy.removeAttribute(name);
            }
            copy.classList.remove("o_salon_held");
            ghost.append(copy);
        } else {
            ghost.classList.add("o_salon_ghost_plain");
            ghost.textContent = this.model.clientName(appointment);
        }
        const label = document.createElement("div");
        label.className = "o_salon_ghost_label";
        this.label = [document.createElement("b"), document.createElement("div")];
        label.append(...this.label);
        ghost.append(label);
        ghost.setAttribute("aria-hidden", "true");
        ghost.style.setProperty("--length", minutes);
        return ghost;
    }

    schedule() {
        this.frame ||= browser.requestAnimationFrame(this.step);
    }

    step() {
        this.frame = null;
        if (!this.held) {
            return;
        }
        const drop = this.held.keys || this.aim();
        this.show(drop);
        if (!this.held.keys && this.scrollAtEdge()) {
            this.schedule();
        }
    }

    /** The column and the minute under the pointer. */
    aim() {
        const { held, pointer } = this;
        const box = this.body().getBoundingClientRect();
        const x = pointer.x - box.left;
        const y = pointer.y - box.top - this.columnTop();
        const under =
            this.columns.find(({ left, width }) => left <= x && x < left + width) ||
            this.columns.reduce((best, each) =>
                Math.abs(each.left + each.width / 2 - x) <
                Math.abs(best.left + best.width / 2 - x)
                    ? each
                    : best,
            );
        if (held.mode === "phase") {
            return { under, start: held.start };
        }
        if (held.mode === "resize") {
            const own = this.columns.find(({ column }) => column === held.column);
            const stop = this.snap(own.column, own.column.origin + y / this.pixels);
            const least = held.appointment.start + this.model.slot;
            return {
                under: own,
                start: held.appointment.start,
                stop: Math.max(stop, least),
            };
        }
        const minute = under.column.origin + (y - held.grab) / this.pixels;
        const wished = minute - held.offset;
        const starts = this.answerOf(under.column)?.starts || [];
        const snapped = this.snap(under.column, wished);
        const free = starts.includes(snapped)
            ? snapped
            : starts.find((start) => Math.abs(start - wished) <= this.model.slot / 2);
        return { under, start: free ?? snapped };
    }

    snap(column, minute) {
        const { slot } = this.model;
        return column.midnight + Math.round((minute - column.midnight) / slot) * slot;
    }

    columnTop() {
        return this.columns[0].el.offsetTop;
    }

    show({ under, start, stop }) {
        const { held, ghost } = this;
        const answer = this.answerOf(under.column);
        const minutes = stop
            ? stop - start
            : (under.column.kind === "staff" &&
                  held.mode !== "phase" &&
                  answer?.minutes) ||
              held.minutes;
        const verdict = this.judge(under.column, start, minutes);
        held.drop = { column: under.column, start, minutes, verdict };
        const top = (start + (held.offset || 0) - under.column.origin) * this.pixels;
        ghost.style.width = `${under.width}px`;
        ghost.style.setProperty("--length", minutes);
        ghost.style.transform = `translate(${under.left}px, ${top + this.columnTop()}px)`;
        ghost.classList.toggle("o_salon_free", verdict.ok === true);
        ghost.classList.toggle("o_salon_taken", verdict.ok === false);
        this.label[0].textContent = this.model.clock.span(start, start + minutes);
        this.label[1].textContent =
            verdict.why ||
            [under.column.name || _t("Nobody yet"), verdict.text]
                .filter(Boolean)
                .join(" · ");
    }

    /** What the answer says about a place: free, or why not. */
    judge(column, start, minutes) {
        const { held } = this;
        const { appointment, answers, mode } = held;
        const isSame =
            column.id === appointment.staff &&
            start === appointment.start &&
            mode === "move";
        if (isSame || column.kind === "nobody" || mode === "phase") {
            return { ok: null };
        }
        if (mode === "resize") {
            return this.judgeLength(column, start, start + minutes);
        }
        const answer = this.answerOf(column);
        if (!answers || start < clock.now) {
            return { ok: null }; // what has begun is written down as it is
        }
        if (!answer) {
            return { ok: false, text: _t("Does not do this service") };
        }
        if (answer.starts.includes(start)) {
            return { ok: true, text: _t("Free") };
        }
        const why = answer.starts.length ? "" : answer.why;
        return { ok: false, why, text: _t("Not free") };
    }

    judgeLength(column, start, stop) {
        const { appointment } = this.held;
        const added = [appointment.stop, stop];
        const taken = column.items.find(
            (item) =>
                item.id !== appointment.id &&
                item.pieces.some(
                    (piece) =>
                        piece.kind !== "free" &&
                        overlaps([piece.start, piece.stop], added),
                ),
        );
        if (taken) {
            return { ok: false, text: this.model.clientName(taken.appointment) };
        }
        if (stop > appointment.stop && subtract([added], column.windows).length) {
            return { ok: false, text: _t("Outside of working hours") };
        }
        return { ok: true };
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

    async onUp(ev) {
        const { held, press } = this;
        if (ev.pointerId !== press.pointer) {
            return;
        }
        if (!held) {
            return this.release();
        }
        if (!held.moved) {
            this.release();
            if (press.source.dataset.key) {
                this.menu(press.source);
            }
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
        const { held, ghost } = this;
        const drop = this.dropOf(held);
        this.unlisten();
        this.clear();
        if (!drop) {
            return this.release();
        }
        ghost.classList.add("o_salon_saving");
        try {
            await this.drop(drop);
        } finally {
            this.release();
        }
    }

    /** What has to be asked of the server, or nothing when nothing changed. */
    dropOf({ drop, mode, appointment, piece, column: origin }) {
        if (!drop) {
            return null;
        }
        const { column, start, minutes } = drop;
        const values = {};
        if (mode === "phase") {
            if (column.kind !== "staff" || column.key === origin.key) {
                return null;
            }
            values.phase = { index: piece.phase, staff: column.id };
        } else if (mode === "resize") {
            if (start + minutes === appointment.stop) {
                return null;
            }
            values.stop = start + minutes;
        } else {
            if (start !== appointment.start || mode === "copy") {
                values.start = start;
            }
            if (column.kind === "facility" && column.key !== origin?.key) {
                values.facility = column.id;
            }
            const staff = column.kind === "nobody" ? false : column.id;
            const isOther = column.key !== origin?.key && staff !== appointment.staff;
            if (column.kind !== "facility" && isOther) {
                values.staff = staff;
            }
        }
        return Object.keys(values).length ? { mode, appointment, values, drop } : null;
    }

    /** Hold a block with the keyboard: arrows move it, Enter lets it go. */
    holdWithKeys(block, mode = "move") {
        const what = this.what(block, mode, -1);
        if (!what || this.held) {
            return;
        }
        this.begin(what, { source: block, grab: 0, moved: true });
        const under = this.columns.find(({ column }) => column === what.column);
        this.held.keys = { under, start: what.start };
        browser.addEventListener("keydown", this.onKey, true);
        this.announce(
            _t("Move with the arrow keys, Enter puts it there, Escape leaves it."),
        );
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
        const { keys } = this.held;
        if (!keys) {
            return;
        }
        if (ev.key === "Enter") {
            stop();
            return this.putDown();
        }
        const isRtl =
            document.dir === "rtl" || document.body.classList.contains("o_rtl");
        const side = isRtl ? -1 : 1;
        const [dx, dy] = {
            ArrowUp: [0, -1],
            ArrowDown: [0, 1],
            ArrowLeft: [-side, 0],
            ArrowRight: [side, 0],
        }[ev.key] || [0, 0];
        if (!dx && !dy) {
            return;
        }
        stop();
        keys.start += dy * this.model.slot;
        if (dx) {
            const at = this.columns.indexOf(keys.under) + dx;
            const under =
                this.columns[Math.min(Math.max(at, 0), this.columns.length - 1)];
            // In another day the same time of that day.
            keys.start += under.column.midnight - keys.under.column.midnight;
            keys.under = under;
        }
        this.show(keys);
        this.ghost.scrollIntoView({ block: "nearest", inline: "nearest" });
        this.announce(this.label.map((each) => each.textContent).join(", "));
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
        this.held?.source?.classList.remove("o_salon_held");
        this.ghost?.remove();
        this.ghost = this.held = this.press = this.columns = null;
    }
}
