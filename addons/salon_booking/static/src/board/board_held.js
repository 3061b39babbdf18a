import { _t } from "@web/core/l10n/translation";

import { clock } from "./board_clock";
import { freeAreas, overlaps, subtract } from "./layout";

/**
 * What is in the hand: how long it is, where it may go, and what its drop asks of the
 * server. Knows neither pointer nor screen.
 *
 * @typedef {{ok: boolean|null, text?: string, why?: string}} Verdict free, not free or
 *  not known; ``text`` is short, ``why`` a sentence of the server
 */
class Held {
    /** A copy of the element floats, or a frame with the name. */
    isWhole = false;
    offset = 0;
    /** The parts of the board's question to the server; null when nothing is asked. */
    question = null;
    answers = null;

    constructor(model, column, values) {
        Object.assign(this, { model, column, ...values });
    }

    get slot() {
        return this.model.slot;
    }

    snap(column, minute) {
        return (
            column.midnight +
            Math.round((minute - column.midnight) / this.slot) * this.slot
        );
    }

    /** Where it would begin if it were let go at this minute of a column. */
    startAt(column, minute) {
        return this.snap(column, minute - this.offset);
    }

    minutesIn() {
        return this.minutes;
    }

    /** Only in the column it comes from. */
    get isAtHome() {
        return false;
    }

    /** Where it is booked; a booking stays in its branch. */
    get branch() {
        return (this.appointment || this.block).branch;
    }

    isElsewhere(column) {
        return column.branch !== this.branch;
    }

    get elsewhere() {
        return {
            ok: false,
            text: _t("Another branch"),
            why: _t(
                "A booking stays in its branch. Hold Ctrl while dragging to book the same there, then cancel it here.",
            ),
        };
    }

    /** Free areas of a column; null when nothing is known. */
    zones() {
        return null;
    }

    /** Who or what of a column is busy with something else in these spans. */
    inTheWay(column, spans, isSame) {
        const hits = (span) => spans.some((each) => overlaps(each, span));
        const item = column.items.find(
            (each) =>
                !isSame(each) &&
                each.pieces.some(
                    ({ kind, start, stop }) => kind !== "free" && hits([start, stop]),
                ),
        );
        if (item) {
            return this.model.clientName(item.appointment);
        }
        const block = column.blocks.find(
            ([start, stop, each]) => !isSame(each) && hits([start, stop]),
        );
        return block && block[2].label;
    }

    /** @returns {Verdict} of spans that are taken beside what is there */
    judgeSpans(column, spans, isSame) {
        const taken = this.inTheWay(column, spans, isSame);
        if (taken) {
            return { ok: false, text: taken };
        }
        if (column.kind === "staff" && subtract(spans, column.windows).length) {
            return { ok: false, text: _t("Outside of working hours") };
        }
        return { ok: true, text: _t("Free") };
    }
}

/** An appointment on its way to another time, person or place; or a copy of it. */
export class HeldAppointment extends Held {
    isWhole = true;

    constructor(model, column, { appointment, mode, ...values }) {
        const { start, stop } = appointment;
        const name = model.clientName(appointment);
        super(model, column, {
            start,
            minutes: stop - start,
            // On another day nothing else is known of it.
            appointment: { ...appointment, client: name },
            mode,
            name,
            ...values,
        });
        this.question = [appointment.id, ...model.range];
    }

    answerOf(column) {
        if (this.isElsewhere(column)) {
            return undefined;
        }
        const staff = column.kind === "staff" ? column.id : this.appointment.staff;
        return this.answers?.staff[staff];
    }

    /** The grid, or what is free very near to it. */
    startAt(column, minute) {
        const wished = minute - this.offset;
        const snapped = this.snap(column, wished);
        const starts = this.answerOf(column)?.starts || [];
        if (starts.includes(snapped)) {
            return snapped;
        }
        const near = starts.find((start) => Math.abs(start - wished) <= this.slot / 2);
        return near ?? snapped;
    }

    minutesIn(column) {
        const answer = column.kind === "staff" && this.answerOf(column);
        return answer ? answer.minutes : this.minutes;
    }

    zones(column) {
        if (this.isElsewhere(column) && this.mode !== "copy") {
            return [];
        }
        const answer = this.answerOf(column);
        if (!answer || column.kind !== "staff") {
            return null;
        }
        const shown = answer.starts.filter((start) =>
            overlaps([start, start + answer.minutes], [column.origin, column.end]),
        );
        return freeAreas(shown, answer.minutes);
    }

    judge(column, start) {
        const { appointment, answers, mode } = this;
        if (this.isElsewhere(column)) {
            return mode === "copy" ? { ok: null } : this.elsewhere;
        }
        const isSame =
            column.id === appointment.staff &&
            start === appointment.start &&
            mode === "move";
        if (isSame || column.kind === "nobody") {
            return { ok: null };
        }
        if (!answers || start < clock.now) {
            return { ok: null }; // what has begun is written down as it is
        }
        const answer = this.answerOf(column);
        if (!answer) {
            return { ok: false, text: _t("Does not do this service") };
        }
        if (answer.starts.includes(start)) {
            return { ok: true, text: _t("Free") };
        }
        const why = answer.starts.length ? "" : answer.why;
        return { ok: false, why, text: _t("Not free") };
    }

    valuesOf(column, start) {
        const { appointment } = this;
        const values = {};
        if (start !== appointment.start || this.mode === "copy") {
            values.start = start;
        }
        if (this.isElsewhere(column)) {
            values.branch = column.branch;
        }
        const isOther = column.key !== this.column?.key;
        if (column.kind === "facility") {
            return isOther ? { ...values, facility: column.id } : values;
        }
        const staff = column.kind === "nobody" ? false : column.id;
        return isOther && staff !== appointment.staff ? { ...values, staff } : values;
    }

    drop(operations, column, start) {
        if (this.isElsewhere(column) && this.mode !== "copy") {
            return operations.refuseWith(this.elsewhere);
        }
        const values = this.valuesOf(column, start);
        return (
            Object.keys(values).length &&
            operations.change(this.appointment, values, this.mode)
        );
    }
}

/** The end of an appointment. */
export class HeldEnd extends Held {
    constructor(model, column, { appointment }) {
        const { start, stop } = appointment;
        super(model, column, { start, minutes: stop - start, appointment });
        this.name = model.clientName(appointment);
    }

    get isAtHome() {
        return true;
    }

    startAt() {
        return this.start;
    }

    stretch(minute) {
        const stop = this.snap(this.column, minute);
        this.minutes = Math.max(stop - this.start, this.slot);
    }

    judge(column) {
        const before = this.appointment.stop;
        const stop = this.start + this.minutes;
        if (stop <= before) {
            return { ok: true };
        }
        const { id } = this.appointment;
        return this.judgeSpans(column, [[before, stop]], (each) => each.id === id);
    }

    drop(operations) {
        const stop = this.start + this.minutes;
        return (
            stop !== this.appointment.stop &&
            operations.change(this.appointment, { stop })
        );
    }
}

/** One part of an appointment on its way to another person; its time stays. */
export class HeldPart extends Held {
    constructor(model, column, { appointment, part }) {
        const [kind, start, stop, staff] = appointment.phases[part];
        super(model, column, {
            start,
            minutes: stop - start,
            appointment,
            part,
            staff,
            kind,
        });
        this.name = model.clientName(appointment);
    }

    startAt() {
        return this.start;
    }

    zones(column) {
        const { start, minutes } = this;
        return this.judge(column).ok ? [[start, start + minutes]] : [];
    }

    judge(column) {
        if (column.kind !== "staff") {
            return { ok: false, text: _t("Only people take a part") };
        }
        if (this.isElsewhere(column)) {
            return { ...this.elsewhere, why: "" };
        }
        if (column.id === this.staff) {
            return { ok: null };
        }
        // Of this appointment the person may have other parts, at other times.
        return this.judgeSpans(
            column,
            [[this.start, this.start + this.minutes]],
            () => false,
        );
    }

    drop(operations, column) {
        return (
            column.kind === "staff" &&
            !this.isElsewhere(column) &&
            column.id !== this.staff &&
            operations.handOver(this.appointment, this.part, column.id)
        );
    }
}

/** Blocked time on its way to another time, person or place. */
export class HeldBlock extends Held {
    isWhole = true;

    constructor(model, column, { block, ...values }) {
        super(model, column, {
            start: block.start,
            minutes: block.stop - block.start,
            block,
            ...values,
        });
        this.name = block.label;
    }

    judge(column, start) {
        if (column.branch !== this.column.branch) {
            return { ...this.elsewhere, why: "" };
        }
        if (column.kind !== this.column.kind) {
            return { ok: false, text: _t("Not free") };
        }
        const { id } = this.block;
        const taken = this.inTheWay(
            column,
            [[start, start + this.minutes]],
            (each) => each.kind === "block" && each.id === id,
        );
        return taken ? { ok: false, text: taken } : { ok: true };
    }

    valuesOf(column, start) {
        const values = {};
        if (start !== this.block.start || this.minutes !== this.length) {
            Object.assign(values, { start, stop: start + this.minutes });
        }
        if (column.id !== this.column.id) {
            Object.assign(values, { [column.kind]: column.id, from: this.column.id });
        }
        return values;
    }

    get length() {
        return this.block.stop - this.block.start;
    }

    drop(operations, column, start) {
        if (column.kind !== this.column.kind || column.branch !== this.column.branch) {
            return false;
        }
        const values = this.valuesOf(column, start);
        return Object.keys(values).length && operations.moveBlock(this.block, values);
    }
}

/** The end of blocked time. */
export class HeldBlockEnd extends HeldBlock {
    isWhole = false;

    get isAtHome() {
        return true;
    }

    startAt() {
        return this.start;
    }

    stretch(minute) {
        const stop = this.snap(this.column, minute);
        this.minutes = Math.max(stop - this.start, this.slot);
    }
}
