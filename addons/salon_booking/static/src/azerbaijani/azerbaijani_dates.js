import { user } from "@web/core/user";

/**
 * Chromium ships without Azerbaijani: it writes November as "M11" and Sunday as "Sun".
 * Where that is so, dates are laid out as in Turkish (day, month, year; 24 hours) and
 * months and weekdays get their Azerbaijani names.
 */
const NAMES = {
    month: {
        long: "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
        short: "yan fev mar apr may iyn iyl avq sen okt noy dek",
    },
    weekday: {
        long: "bazar_ertəsi çərşənbə_axşamı çərşənbə cümə_axşamı cümə şənbə bazar",
        short: "B.E. Ç.A. Ç. C.A. C. Ş. B.",
    },
};
const STAND_IN = "tr-TR";

const { DateTimeFormat } = Intl;

/** 1970 begins with a Thursday; its fifth day is a Monday. */
function dateOf(kind, index) {
    return kind === "month"
        ? new Date(Date.UTC(1970, index, 1))
        : new Date(Date.UTC(1970, 0, 5 + index));
}

function makeDictionary() {
    const dictionary = { month: {}, weekday: {} };
    for (const [kind, widths] of Object.entries(NAMES)) {
        for (const [width, names] of Object.entries(widths)) {
            const turkish = new DateTimeFormat(STAND_IN, {
                [kind]: width,
                timeZone: "UTC",
            });
            for (const [index, name] of names.split(" ").entries()) {
                dictionary[kind][turkish.format(dateOf(kind, index))] = name.replaceAll(
                    "_",
                    " ",
                );
            }
        }
    }
    return dictionary;
}

const dictionary = makeDictionary();

export class AzerbaijaniDateTimeFormat extends DateTimeFormat {
    constructor(locales, options) {
        const isAzerbaijani = /^az\b/.test([locales].flat()[0] ?? "");
        super(isAzerbaijani ? STAND_IN : locales, options);
        this.isAzerbaijani = isAzerbaijani;
    }

    get format() {
        const plain = super.format;
        return (date) =>
            this.isAzerbaijani
                ? this.formatToParts(date)
                      .map(({ value }) => value)
                      .join("")
                : plain(date);
    }

    formatToParts(date) {
        const parts = super.formatToParts(date);
        if (!this.isAzerbaijani) {
            return parts;
        }
        return parts.map(({ type, value }) => ({
            type,
            value: dictionary[type]?.[value] ?? value,
        }));
    }
}

const isKnown =
    new DateTimeFormat("az", { month: "long", timeZone: "UTC" }).format(
        dateOf("month", 10),
    ) === "noyabr";

if (user.lang?.startsWith("az") && !isKnown) {
    // It is also called as a function.
    Intl.DateTimeFormat = new Proxy(AzerbaijaniDateTimeFormat, {
        apply: (Format, _self, args) => new Format(...args),
    });
}
