import { deserializeDate } from "@web/core/l10n/dates";
import { useState } from "@odoo/owl";
import { ConnectionLostError } from "@web/core/network/rpc";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { uuid } from "@web/core/utils/strings";

const TAKEN = "odoo.addons.salon_booking.exceptions.SlotTaken";

/** What each dialog is booking, by its record, and under which key. */
const tries = new WeakMap();

/**
 * The key under which the server books once, however often it is asked: kept until
 * the answer has come, unless other services or another client are asked for.
 */
function keyOf(record, time) {
    const { branch_id, client_id, product_id } = record.data;
    const services = time.parts ? time.parts.map(([id]) => id).sort() : [product_id.id];
    const wish = JSON.stringify([branch_id.id, client_id.id, services]);
    if (tries.get(record)?.wish !== wish) {
        tries.set(record, { wish, key: uuid() });
    }
    return tries.get(record).key;
}

/** Book a time that the dialog shows; returns the state and the method for it. */
export function useBooking(component) {
    const orm = useService("orm");
    const action = useService("action");
    const notification = useService("notification");
    const state = useState({ busy: false });

    async function book(time) {
        if (state.busy) {
            return;
        }
        state.busy = true;
        const { record } = component.props;
        try {
            if (!(await record.save())) {
                return;
            }
            const booked = await orm.call(
                record.resModel,
                "action_book",
                [[record.resId], time.start, time.staff],
                { key: keyOf(record, time), parts: time.parts || null },
            );
            await action.doAction(booked);
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                notification.add(_t("Click again: it is never booked twice."), {
                    title: _t("No answer came"),
                    type: "warning",
                });
                return;
            }
            if (error.exceptionName !== TAKEN) {
                await record.load();
                throw error;
            }
            // Somebody was faster: keep the form and show what comes closest.
            notification.add(error.data.message, {
                title: _t("Just taken"),
                type: "warning",
            });
            await record.load();
            await record.update({
                wished_day: deserializeDate(time.date),
                wished_time: time.wall,
            });
        } finally {
            state.busy = false;
        }
    }

    return { state, book };
}
