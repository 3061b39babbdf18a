import { registry } from "@web/core/registry";
import { IntegerField, integerField } from "@web/views/fields/integer/integer_field";

/** A whole number without separators that may be unknown: zero is shown as nothing. */
export class SalonOptionalIntegerField extends IntegerField {
    static template = "salon_crm.OptionalIntegerField";
    static props = {
        ...IntegerField.props,
        placeholder: { type: String, optional: true },
    };

    get formattedValue() {
        return this.value ? String(this.value) : "";
    }
}

export const salonOptionalIntegerField = {
    ...integerField,
    component: SalonOptionalIntegerField,
    extractProps: (info, dynamicInfo) => ({
        ...integerField.extractProps(info, dynamicInfo),
        placeholder: info.placeholder,
    }),
};

registry.category("fields").add("salon_optional_integer", salonOptionalIntegerField);
