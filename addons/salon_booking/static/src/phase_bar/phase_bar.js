import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** The phases of a service on one line, each as wide as it is long. */
export class PhaseBar extends Component {
    static template = "salon_booking.PhaseBar";
    static props = { ...standardWidgetProps };

    get phases() {
        const records = this.props.record.data.salon_phase_ids?.records || [];
        const kinds = Object.fromEntries(records[0]?.fields.kind.selection || []);
        let elapsed = 0;
        return records
            .filter((record) => record.data.minutes > 0)
            .map((record) => {
                const { kind, minutes, is_staff_busy, facility_type_id } = record.data;
                const place = facility_type_id?.display_name;
                const start = elapsed;
                elapsed += minutes;
                return {
                    key: record.id,
                    minutes,
                    kind,
                    label: kinds[kind],
                    isFree: !is_staff_busy,
                    title: [
                        _t("%(kind)s, minutes %(start)s–%(stop)s", {
                            kind: kinds[kind],
                            start,
                            stop: elapsed,
                        }),
                        place,
                        is_staff_busy ? "" : _t("staff free for somebody else"),
                    ]
                        .filter(Boolean)
                        .join(" · "),
                };
            });
    }
}

registry.category("view_widgets").add("salon_phase_bar", { component: PhaseBar });
