import { registry } from "@web/core/registry";
import {
    FloatTimeField,
    floatTimeField,
} from "@web/views/fields/float_time/float_time_field";
import { useInputField } from "@web/views/fields/input_field_hook";
import { useNumpadDecimal } from "@web/views/fields/numpad_decimal_hook";
import { parseFloatTime } from "@web/views/fields/parsers";

/** A time of day that may be left empty: one value stands for "any". */
export class WishedTimeField extends FloatTimeField {
    static template = "salon_booking.WishedTimeField";
    static props = {
        ...FloatTimeField.props,
        empty: { type: Number, optional: true },
        placeholder: { type: String, optional: true },
    };
    static defaultProps = { ...FloatTimeField.defaultProps, empty: 0 };

    setup() {
        this.inputFloatTimeRef = useInputField({
            getValue: () => this.formattedValue,
            refName: "numpadDecimal",
            parse: (typed) => (typed.trim() ? parseFloatTime(typed) : this.props.empty),
        });
        useNumpadDecimal();
    }

    get formattedValue() {
        const value = this.props.record.data[this.props.name];
        return value === this.props.empty ? "" : super.formattedValue;
    }
}

registry.category("fields").add("salon_wished_time", {
    ...floatTimeField,
    component: WishedTimeField,
    extractProps: (field) => ({
        ...floatTimeField.extractProps(field),
        empty: field.options.empty,
        placeholder: field.placeholder,
    }),
});
