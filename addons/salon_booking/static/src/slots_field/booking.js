import { deserializeDate } from "@web/core/l10n/dates";
import { useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

const TAKEN = "odoo.addons.salon_booking.exceptions.SlotTaken";

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
                { parts: time.parts || null },
            );
            await action.doAction(booked);
        } catch (error) {
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
