import { registry } from "@web/core/registry";
import { CalendarModel } from "@web/views/calendar/calendar_model";
import { calendarView } from "@web/views/calendar/calendar_view";

/** A calendar of people: pictures of colleagues are for everybody, their files are not. */
export class TeamCalendarModel extends CalendarModel {
    setup(...args) {
        super.setup(...args);
        const { staff_id } = this.meta.filtersInfo;
        if (staff_id) {
            staff_id.resModel = "hr.employee.public";
        }
    }
}

export const teamCalendarView = { ...calendarView, Model: TeamCalendarModel };

registry.category("views").add("salon_team_calendar", teamCalendarView);
