// Nothing is imported here, so that the tools may live outside the checkout.

/** A component of OWL says what it renders and what it takes. */
const owlStatics = {
    meta: {
        type: "problem",
        schema: [],
        messages: { missing: "{{ name }} needs `static {{ member }}`." },
    },
    create(context) {
        function check(node) {
            if (node.superClass?.name !== "Component") {
                return;
            }
            const members = node.body.body
                .filter((member) => member.static)
                .map((member) => member.key?.name);
            for (const member of ["template", "props"]) {
                if (!members.includes(member)) {
                    const name = node.id?.name || "The component";
                    context.report({
                        node,
                        messageId: "missing",
                        data: { name, member },
                    });
                }
            }
        }
        return { ClassDeclaration: check, ClassExpression: check };
    },
};

const browserGlobals = [
    "AbortController",
    "Blob",
    "CustomEvent",
    "DOMParser",
    "Event",
    "File",
    "FormData",
    "HTMLElement",
    "Intl",
    "IntersectionObserver",
    "KeyboardEvent",
    "MouseEvent",
    "MutationObserver",
    "Node",
    "Notification",
    "PointerEvent",
    "ResizeObserver",
    "URL",
    "URLSearchParams",
    "cancelAnimationFrame",
    "clearInterval",
    "clearTimeout",
    "console",
    "document",
    "fetch",
    "getComputedStyle",
    "history",
    "localStorage",
    "location",
    "luxon",
    "navigator",
    "odoo",
    "performance",
    "queueMicrotask",
    "requestAnimationFrame",
    "sessionStorage",
    "setInterval",
    "setTimeout",
    "structuredClone",
    "window",
];

const html = "HTML from a string runs whatever is in it; use a template.";

export default [
    { ignores: ["**/static/lib/**"] },
    {
        files: ["addons/**/*.js"],
        languageOptions: {
            ecmaVersion: 2022,
            sourceType: "module",
            globals: Object.fromEntries(
                browserGlobals.map((name) => [name, "readonly"]),
            ),
        },
        linterOptions: { reportUnusedDisableDirectives: "error" },
        plugins: { salon: { rules: { "owl-statics": owlStatics } } },
        rules: {
            "salon/owl-statics": "error",
            "constructor-super": "error",
            curly: ["error", "all"],
            eqeqeq: ["error", "smart"],
            "getter-return": "error",
            "no-alert": "error",
            "no-case-declarations": "error",
            "no-cond-assign": "error",
            "no-console": ["error", { allow: ["warn", "error"] }],
            "no-const-assign": "error",
            "no-constant-condition": "error",
            "no-debugger": "error",
            "no-dupe-args": "error",
            "no-dupe-class-members": "error",
            "no-dupe-else-if": "error",
            "no-dupe-keys": "error",
            "no-duplicate-case": "error",
            "no-duplicate-imports": "error",
            "no-empty": "error",
            "no-eval": "error",
            "no-fallthrough": "error",
            "no-func-assign": "error",
            "no-implied-eval": "error",
            "no-import-assign": "error",
            "no-new-func": "error",
            "no-prototype-builtins": "error",
            "no-redeclare": "error",
            "no-self-assign": "error",
            "no-shadow-restricted-names": "error",
            "no-this-before-super": "error",
            "no-undef": "error",
            "no-unreachable": "error",
            "no-unsafe-finally": "error",
            "no-unsafe-optional-chaining": "error",
            "no-unused-vars": [
                "error",
                { args: "after-used", ignoreRestSiblings: true },
            ],
            "no-useless-escape": "error",
            "no-var": "error",
            "object-shorthand": "error",
            "prefer-const": "error",
            "use-isnan": "error",
            "valid-typeof": "error",
            "no-restricted-globals": [
                "error",
                { name: "$", message: "No jQuery." },
                { name: "jQuery", message: "No jQuery." },
            ],
            "no-restricted-properties": [
                "error",
                { property: "innerHTML", message: html },
                { property: "outerHTML", message: html },
                { property: "insertAdjacentHTML", message: html },
                { object: "document", property: "write", message: html },
            ],
        },
    },
];
