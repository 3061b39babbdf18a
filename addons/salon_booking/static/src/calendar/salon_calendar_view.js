import { registry } from "@web/core/registry";
import { serializeDate } from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";
import { CalendarController } from "@web/views/calendar/calendar_controller";
import { CalendarRenderer } from "@web/views/calendar/calendar_renderer";
import { CalendarCommonRenderer } from "@web/views/calendar/calendar_common/calendar_common_renderer";
import { calendarView } from "@web/views/calendar/calendar_view";

import { SalonCalendarModel } from "./salon_calendar_model";

export class SalonCalendarCommonRenderer extends CalendarCommonRenderer {
    static eventTemplate = "salon_booking.SalonCalendar.event";

    get options() {
        const [first, last] = this.props.model.openingHours;
        return {
            ...super.options,
            allDaySlot: false,
            slotDuration: "00:15:00",
            slotLabelInterval: "01:00:00",
            slotMinTime: { hours: first },
            slotMaxTime: { hours: last },
            slotEventOverlap: false,
            expandRows: true,
        };
    }

    eventClassNames(info) {
        const classes = super.eventClassNames(info);
        const record = this.props.model.records[info.event.id];
        if (record) {
            classes.push(`o_salon_state_${record.rawRecord.state}`);
        }
        return classes;
    }
}

export class SalonCalendarRenderer extends CalendarRenderer {
    static components = {
        ...CalendarRenderer.components,
        day: SalonCalendarCommonRenderer,
        week: SalonCalendarCommonRenderer,
        month: SalonCalendarCommonRenderer,
    };
}

export class SalonCalendarController extends CalendarController {
    setup() {
        super.setup();
        this.actionService = useService("action");
    }

    /** An empty place in the calendar leads to the free times of that day. */
    createRecord(record) {
        if (!this.model.canCreate) {
            return;
        }
        return this.actionService.doAction(
            "salon_booking.salon_booking_wizard_action",
            {
                additionalContext: {
                    default_date_from: serializeDate(record.start || this.model.date),
                },
                onClose: () => this.model.load(),
            },
        );
    }
}

export const salonCalendarView = {
    ...calendarView,
    Controller: SalonCalendarController,
    Model: SalonCalendarModel,
    Renderer: SalonCalendarRenderer,
};

registry.category("views").add("salon_calendar", salonCalendarView);
