import {
    buildM2OFieldDescription,
    Many2OneField,
} from "@web/views/fields/many2one/many2one_field";
import { registry } from "@web/core/registry";

/** A client, or that somebody came who left no name. */
export class ClientField extends Many2OneField {
    static template = "salon_booking.ClientField";

    get isNameless() {
        return this.props.readonly && !this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("salon_client", buildM2OFieldDescription(ClientField));
