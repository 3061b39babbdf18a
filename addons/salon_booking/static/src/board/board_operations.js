import { useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { serializeDateTime } from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";

import { clock } from "./board_clock";
import { ReasonDialog } from "./reason_dialog";
import { STATE_LABELS } from "./board_model";

/** How many steps back there are. */
const STEPS = 20;

/** All that the board can do to a visit, and what it says afterwards. */
export class BoardOperations {
    constructor(model, announce) {
        this.model = model;
        this.announce = announce;
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.undoable = [];
        this.undone = {};
        // Where a new visit would be; shown beside the board while it is entered.
        this.wish = useState({
            isOpen: false,
            branch: false,
            staff: false,
            start: false,
        });
    }

    /** Move, lengthen or hand over; says why not, and what else would be possible. */
    async change(appointment, values, mode = "move") {
        const { id, version, visit } = appointment;
        const answer =
            mode === "copy"
                ? await this.model.call("book_again", [id, values])
                : await this.model.call("change", [id, values, version]);
        if (answer.ok) {
            await this.settle(
                answer,
                answer.visits || [visit],
                this.sentence(appointment, values, mode),
            );
        } else {
            await this.refuse(answer, appointment, values, mode);
        }
        return answer.ok;
    }

    /** Give one part to another person. */
    handOver(appointment, index, staff) {
        return this.change(appointment, { phase: { index, staff } });
    }

    /** Blocked time is moved or made longer. */
    async moveBlock(block, values) {
        const seen = [block.start, block.stop];
        const answer = await this.model.call("block", [
            { id: block.id, seen, ...values },
        ]);
        if (answer.ok) {
            const [start, stop] = [
                values.start ?? block.start,
                values.stop ?? block.stop,
            ];
            const time = this.model.clockOf(block).span(start, stop);
            await this.settle(
                answer,
                [],
                _t("%(what)s: %(time)s", { what: block.label, time }),
            );
        } else {
            this.refuseWith(answer, (override) =>
                this.moveBlock(block, { ...values, override }),
            );
            if (answer.stale) {
                await this.model.refresh([]);
            }
        }
    }

    sentence(appointment, values, mode) {
        const client = this.model.clientName(appointment);
        const start = values.start ?? appointment.start;
        const staff = "staff" in values ? values.staff : appointment.staff;
        const wall = this.model.clockOf({
            branch: values.branch || appointment.branch,
        });
        const time = values.stop ? wall.span(start, values.stop) : wall.time(start);
        const who = values.phase ? values.phase.staff : staff;
        const place = { client, time, staff: this.model.staffName(who) };
        return mode === "copy"
            ? _t("%(client)s is booked once more: %(time)s %(staff)s", place)
            : _t("%(client)s: %(time)s %(staff)s", place);
    }

    /** Show what came of it, offer to take it back. */
    async settle(answer, visits, message) {
        if (answer.data) {
            this.model.apply(answer.data, visits);
        } else {
            await this.model.refresh(visits);
        }
        this.tell(message, answer.undo && { token: answer.undo, visits });
    }

    tell(message, undo) {
        this.announce(message);
        const buttons = [];
        if (undo) {
            this.undoable = [...this.undoable, undo].slice(-STEPS);
            buttons.push({ name: _t("Undo"), onClick: () => this.undo(undo) });
        }
        this.close?.();
        this.close = this.notification.add(message, { type: "success", buttons });
    }

    async undo(step = this.undoable.at(-1)) {
        if (!step) {
            this.announce(_t("There is nothing to undo."));
            return;
        }
        this.undoable = this.undoable.filter((each) => each !== step);
        this.close?.();
        const answer = await this.model.call("undo", [step.token, this.undone]);
        if (answer.ok) {
            Object.assign(this.undone, answer.undone);
            await this.settle({}, answer.visits || step.visits, _t("Undone."));
        } else {
            this.notification.add(answer.why, { type: "warning" });
            await this.model.refresh(step.visits);
        }
    }

    /** The same wish at another time, with another person. */
    elsewhere(appointment, values, { start, staff }) {
        const by = start - (values.start ?? appointment.start);
        const later = values.stop ? { stop: values.stop + by } : {};
        return { ...values, ...later, start, staff };
    }

    /** On the day that is shown, its date need not be said. */
    labelOf({ start, staff, label }, appointment) {
        const { dates } = this.model;
        const wall = this.model.clockOf(appointment);
        return dates.length === 1 && wall.date(start) === dates[0]
            ? `${wall.time(start)} · ${this.model.staffName(staff)}`
            : label;
    }

    async refuse(answer, appointment, values, mode) {
        this.announce(answer.why);
        const buttons = (answer.nearest || []).slice(0, 3).map((near) => ({
            name: this.labelOf(near, { branch: values.branch || appointment.branch }),
            onClick: () => {
                close();
                const wish = this.elsewhere(appointment, values, near);
                return this.change(appointment, wish, mode);
            },
        }));
        const close = this.refuseWith(
            answer,
            (override) => this.change(appointment, { ...values, override }, mode),
            buttons,
        );
        if (answer.stale) {
            await this.model.refresh([appointment.visit]);
        }
    }

    /** Say why not; who has the right may insist and says why. */
    refuseWith(answer, insist, buttons = []) {
        if (answer.may) {
            buttons.push({
                name: _t("Book anyway…"),
                onClick: () => {
                    close();
                    this.dialog.add(ReasonDialog, {
                        title: _t("Book anyway"),
                        text: answer.why,
                        give: insist,
                    });
                },
            });
        }
        this.close?.();
        const close = this.notification.add(answer.why, {
            title: answer.stale ? _t("Somebody was first") : _t("Not possible"),
            type: "warning",
            sticky: Boolean(buttons.length),
            className: "o_salon_refused",
            buttons,
        });
        this.close = close;
        return close;
    }

    moves(appointment) {
        return this.model.data.moves?.[appointment.state] || [];
    }

    async setState(appointment, state) {
        if (!this.moves(appointment).includes(state)) {
            const name = STATE_LABELS[state];
            this.announce(_t("It cannot become “%(name)s” now.", { name }));
            return;
        }
        if (state === "cancelled") {
            return this.cancel(appointment);
        }
        const { id, version } = appointment;
        const answer = await this.model.call("set_state", [
            [id],
            state,
            null,
            { [id]: version },
        ]);
        if (answer.ok === false) {
            return this.refuse(answer, appointment, {}, "move");
        }
        const client = this.model.clientName(appointment);
        await this.settle(
            answer,
            answer.visits || [appointment.visit],
            _t("%(client)s: %(state)s", { client, state: STATE_LABELS[state] }),
        );
    }

    /** The dialog asks for the reason. */
    cancel({ id, visit }) {
        return this.run("salon.appointment", "action_cancel", id, visit);
    }

    cancelVisit({ visit }) {
        return this.run("salon.visit", "action_cancel", visit, visit);
    }

    checkout({ visit }) {
        return this.run("salon.visit", "action_checkout", visit, visit);
    }

    async run(model, method, id, visit) {
        const action = await this.orm.call(model, method, [[id]]);
        await this.action.doAction(action, {
            onClose: () => this.model.refresh([visit]),
        });
    }

    openVisit({ visit }) {
        return this.open("salon.visit", visit);
    }

    open(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    /** A dialog of the host, for what needs more than a click. */
    dialogOf(model, resId, title, context = {}) {
        const remove = async () => {
            await this.orm.unlink(model, [resId]);
            await this.model.refresh([]);
        };
        this.dialog.add(FormViewDialog, {
            resModel: model,
            resId,
            title,
            context,
            canExpand: false,
            onRecordSaved: () => this.model.refresh([]),
            ...(resId && { removeRecord: remove }),
        });
    }

    block(column, start) {
        const at = (minute) =>
            serializeDateTime(luxon.DateTime.fromMillis(minute * 60000));
        const from = start ?? this.model.slot * Math.ceil(clock.now / this.model.slot);
        this.dialogOf("salon.block", false, _t("Block time"), {
            default_branch_id: column?.branch || this.model.config.branch,
            default_start: at(from),
            default_stop: at(from + 60),
            default_staff_ids: column?.kind === "staff" ? [column.id] : [],
            default_facility_ids: column?.kind === "facility" ? [column.id] : [],
        });
    }

    /** Book at a free time, or wherever there is one. */
    book(column, start) {
        Object.assign(this.wish, {
            isOpen: true,
            branch: column?.branch || this.model.config.branch,
            staff: column?.kind === "staff" ? column.id : false,
            start: start || false,
        });
    }
}
