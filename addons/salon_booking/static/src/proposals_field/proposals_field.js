import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A few times that can be had instead; a click takes one. */
export class SalonProposalsField extends Component {
    static template = "salon_booking.ProposalsField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ busy: false });
    }

    get proposals() {
        return this.props.record.data[this.props.name] || [];
    }

    async take({ start, staff }) {
        const { record } = this.props;
        if (this.state.busy || !record.resId) {
            return;
        }
        this.state.busy = true;
        try {
            await record.model.root.save?.();
            const action = await this.orm.call(record.resModel, "action_take", [
                [record.resId],
                start,
                staff,
            ]);
            if (action?.type) {
                await this.action.doAction(action);
            }
        } finally {
            this.state.busy = false;
            await record.model.root.load();
        }
    }
}

export const salonProposalsField = {
    component: SalonProposalsField,
    supportedTypes: ["json"],
};

registry.category("fields").add("salon_proposals", salonProposalsField);
