import { onMounted } from "@odoo/owl";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";
import { FormController } from "@web/views/form/form_controller";

/** The checkout, paid by Enter: nothing has to be looked for with the mouse. */
export class CheckoutFormController extends FormController {
    setup() {
        super.setup();
        onMounted(() => this.findPayButton()?.focus());
        useHotkey("control+enter", () => this.pay(), {
            bypassEditableProtection: true,
            global: true,
        });
    }

    findPayButton() {
        const root = this.rootRef.el?.closest(".modal") || document;
        return root.querySelector("button[name=action_checkout].btn-primary");
    }

    /** What is being typed counts: it is taken over before the bill is made. */
    pay() {
        const button = this.findPayButton();
        button?.focus();
        button?.click();
    }
}

registry.category("views").add("salon_checkout_form", {
    ...formView,
    Controller: CheckoutFormController,
});
