import { _t } from "@web/core/l10n/translation";
import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";

import { dayLabel } from "./board_clock";
import { LiveBadge } from "./live_badge";
import { STATE_LABELS } from "./board_model";

const LIVE = new Set(["booked", "confirmed", "arrived", "in_service"]);
/** Up to so many minutes there is room for one line only. */
const SHORT = 20;

/** What the server's marks look like; addons add theirs. */
const icons = registry.category("salon_board_icons");
icons
    .add("new", ["fa-star", _t("New client")])
    .add("birthday", ["fa-birthday-cake", _t("Birthday")])
    .add("allergy", ["fa-exclamation-triangle", _t("Allergy or warning")])
    .add("debt", ["fa-credit-card", _t("Owes money")])
    .add("note", ["fa-sticky-note-o", _t("Note")])
    .add("package", ["fa-cube", _t("Package or membership")])
    .add("unpaid", ["fa-money", _t("Not paid yet")])
    .add("deposit", ["fa-shield", _t("Deposit paid")])
    .add("requested", ["fa-heart", _t("Asked for by name")])
    .add("confirmed", ["fa-check", _t("Confirmed")]);

export function iconsOf(names) {
    return names
        .map((name) => [name, icons.get(name, null)])
        .filter(([, icon]) => icon)
        .map(([name, [css, title]]) => ({ name, css, title }));
}

/** One appointment in one column, drawn by what it takes and what it leaves free. */
export class BoardBlock extends Component {
    static template = "salon_booking.BoardBlock";
    static components = { LiveBadge };
    static props = { item: Object, column: String, model: Object };

    get appointment() {
        return this.props.item.appointment;
    }

    get isLive() {
        return LIVE.has(this.appointment.state) && this.props.item.isOwn;
    }

    get client() {
        return this.props.model.clientName(this.appointment);
    }

    get icons() {
        const { appointment } = this;
        const names = new Set(this.props.item.visit.icons || []);
        if (appointment.requested) {
            names.add("requested");
        }
        if (appointment.state !== "confirmed") {
            names.delete("confirmed");
        }
        return iconsOf([...names]);
    }

    get first() {
        return this.props.item.pieces.find(({ kind }) => kind === "work");
    }

    get isShort() {
        const { first } = this;
        return first && first.stop - first.start <= SHORT;
    }

    get hasPhases() {
        return this.props.item.pieces.filter(({ kind }) => kind === "work").length > 1;
    }

    get time() {
        const { start, stop } = this.appointment;
        const clock = this.props.model.clockOf(this.appointment);
        const span = clock.span(start, stop);
        return this.props.item.isNextDay
            ? `${dayLabel(clock.date(start), { weekday: "short" })} ${span}`
            : span;
    }

    get css() {
        const { item } = this.props;
        const { state, overlap } = this.appointment;
        return [
            item.tone,
            `o_salon_state_${state}`,
            item.isOwn ? "" : "o_salon_foreign",
            overlap ? "o_salon_overlap" : "",
            this.isShort ? "o_salon_short" : "",
        ].join(" ");
    }

    get style() {
        const { start, stop, origin, lane, lanes, inset } = this.props.item;
        return `--start: ${start - origin}; --length: ${stop - start}; --lane: ${lane}; --lanes: ${lanes}; --inset: ${inset}; z-index: ${inset + lane + 1}`;
    }

    pieceStyle({ start, stop }) {
        return `--start: ${start - this.props.item.start}; --length: ${stop - start}`;
    }

    get label() {
        const { service, staff, state } = this.appointment;
        return [
            this.time,
            this.client,
            service,
            this.props.model.staffName(staff) || _t("Nobody yet"),
            STATE_LABELS[state],
            ...this.icons
                .filter(({ name }) => name !== "confirmed") // the state says it
                .map(({ title }) => title),
        ].join(", ");
    }
}
