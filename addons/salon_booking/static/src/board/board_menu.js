import { _t } from "@web/core/l10n/translation";
import { Component, useRef, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { useBus } from "@web/core/utils/hooks";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";

import { HeldPart } from "./board_held";
import { STATE_LABELS } from "./board_model";

const PHASE_LABELS = {
    work: _t("Work"),
    processing: _t("Processing"),
    finish: _t("Finish"),
    cleanup: _t("Cleanup"),
};

/** Key, icon and name of each state one can go to. */
export const STATE_ACTIONS = {
    booked: { key: "b", icon: "fa-undo", name: _t("Back to booked") },
    confirmed: { key: "c", icon: "fa-check", name: STATE_LABELS.confirmed },
    arrived: { key: "a", icon: "fa-sign-in", name: STATE_LABELS.arrived },
    in_service: { key: "s", icon: "fa-play", name: STATE_LABELS.in_service },
    done: { key: "d", icon: "fa-flag-checkered", name: STATE_LABELS.done },
    no_show: { key: "x", icon: "fa-user-times", name: STATE_LABELS.no_show },
    cancelled: { key: "delete", icon: "fa-times", name: _t("Cancel…") },
};

const SETTLED = new Set(["paid", "refunded"]);
const LOST = new Set(["cancelled", "no_show"]);

/** Nothing of the visit is left to be paid at the desk. */
export function isSettled({ payment, state }) {
    return SETTLED.has(payment) || LOST.has(state);
}

/**
 * What can be done with an appointment, a free time or a block; at the pointer, at the
 * focused block, on a phone from below.
 */
export class BoardMenu extends Component {
    static template = "salon_booking.BoardMenu";
    static components = { Dropdown, DropdownItem };
    static props = { bus: Object, model: Object, operations: Object, hold: Function };

    setup() {
        this.anchor = useRef("anchor");
        this.dropdown = useDropdownState();
        this.state = useState({ items: [] });
        useBus(this.props.bus, "open", ({ detail }) => this.open(detail));
    }

    open({ x, y, ...what }) {
        this.dropdown.close();
        this.at = { x, y };
        this.state.items = this.itemsOf(what);
        Object.assign(this.anchor.el.style, { left: `${x}px`, top: `${y}px` });
        // The popover is placed anew only when it is opened anew.
        Promise.resolve().then(() => this.dropdown.open());
    }

    itemsOf(what) {
        if (what.block) {
            return this.ofBlock(what);
        }
        if (!what.item) {
            return this.ofTime(what);
        }
        if (what.part === undefined) {
            return this.ofItem(what);
        }
        return what.part === null ? this.ofParts(what) : this.ofPeople(what);
    }

    /** The next menu, where this one is. */
    further(what) {
        this.open({ ...this.at, ...what });
    }

    ofItem({ item, element }) {
        const { operations, hold, model } = this.props;
        const { appointment } = item;
        const moves = operations.moves(appointment);
        const act = (id, icon, name, key, run) => ({ id, icon, name, key, run });
        const states = Object.entries(STATE_ACTIONS)
            .filter(([state]) => moves.includes(state))
            .map(([state, { icon, name, key }]) =>
                act(
                    state,
                    icon,
                    name,
                    key.length === 1 ? key.toUpperCase() : "Del",
                    () => operations.setState(appointment, state),
                ),
            );
        const items = [
            act("open", "fa-external-link", _t("Open visit"), "O", () =>
                operations.openVisit(appointment),
            ),
            ...states.filter(({ id }) => id !== "cancelled"),
        ];
        if (model.can.book) {
            items.push(
                act("move", "fa-arrows", _t("Move"), "M", () => hold(element, "move")),
                act("copy", "fa-clone", _t("Book once more"), "K", () =>
                    hold(element, "copy"),
                ),
            );
            if (this.partsOf(appointment).length) {
                items.push(
                    act("part", "fa-hand-o-right", _t("Hand over a part…"), "H", () =>
                        this.further({ item, element, part: null }),
                    ),
                );
            }
            if (appointment.staff) {
                items.push(
                    act("unassign", "fa-user-o", _t("Take from this person"), "", () =>
                        operations.change(appointment, { staff: false }),
                    ),
                );
            }
            if (!isSettled(model.visitOf(appointment))) {
                items.push(
                    act("checkout", "fa-money", _t("Check out"), "P", () =>
                        operations.checkout(appointment),
                    ),
                );
            }
        }
        items.push(...states.filter(({ id }) => id === "cancelled"));
        if (
            moves.includes("cancelled") &&
            model.appointmentsOf(appointment).length > 1
        ) {
            items.push(
                act(
                    "cancel_visit",
                    "fa-times-circle",
                    _t("Cancel whole visit…"),
                    "",
                    () => operations.cancelVisit(appointment),
                ),
            );
        }
        return items;
    }

    /** The parts in which somebody is busy, if there are several parts. */
    partsOf({ phases }) {
        const parts = phases.map(([kind, start, stop, staff], index) => ({
            kind,
            start,
            stop,
            staff,
            index,
        }));
        return parts.length > 1 ? parts.filter(({ staff }) => staff) : [];
    }

    ofParts({ item, ...what }) {
        const { model } = this.props;
        const parts = model.can.book ? this.partsOf(item.appointment) : [];
        if (!parts.length) {
            const name = _t("This service has one part only");
            return [{ id: "none", icon: "fa-info", name, run() {} }];
        }
        return parts.map(({ kind, start, stop, staff, index }) => ({
            id: `part${index}`,
            icon: "fa-clock-o",
            name: [
                PHASE_LABELS[kind],
                model.clockOf(item.appointment).span(start, stop),
                model.staffName(staff),
            ].join(" · "),
            run: () => this.further({ item, ...what, part: index }),
        }));
    }

    /** Who is there and free comes first; who is not says why. */
    ofPeople({ item, part }) {
        const { model, operations } = this.props;
        const { appointment } = item;
        const { branch } = appointment;
        const date = model.clockOf(appointment).date(appointment.start);
        const columns = model.view.columns.filter(
            (each) =>
                each.kind === "staff" && each.branch === branch && each.date === date,
        );
        const held = new HeldPart(model, null, { appointment, part });
        return columns
            .filter(({ id }) => id !== held.staff)
            .map((column) => ({ column, verdict: held.judge(column) }))
            .sort((a, b) => b.verdict.ok - a.verdict.ok)
            .map(({ column: { id, name }, verdict: { ok, text } }) => ({
                id: `person${id}`,
                icon: ok ? "fa-check" : "fa-ban",
                name,
                note: text,
                run: () => operations.handOver(appointment, part, id),
            }));
    }

    ofBlock({ block, element }) {
        const { operations, hold } = this.props;
        return [
            {
                id: "edit",
                icon: "fa-pencil",
                name: _t("Edit blocked time"),
                run: () =>
                    operations.dialogOf("salon.block", block.id, _t("Blocked time")),
            },
            {
                id: "move",
                icon: "fa-arrows",
                name: _t("Move"),
                key: "M",
                run: () => hold(element, "move"),
            },
        ];
    }

    ofTime({ column, start }) {
        const { operations, model } = this.props;
        return [
            {
                id: "book",
                icon: "fa-plus",
                name: _t("Book at %(time)s", {
                    time: model.clockOf(column).time(start),
                }),
                key: "N",
                run: () => operations.book(column, start),
            },
            {
                id: "block",
                icon: "fa-ban",
                name: _t("Block time…"),
                key: "L",
                run: () => operations.block(column, start),
            },
        ];
    }
}
