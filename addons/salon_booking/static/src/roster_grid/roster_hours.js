import { formatFloatTime } from "@web/views/fields/formatters";

/** Hours of a stretch as people write them: 9 – 17:30. */
export function formatSpan(from, to) {
    return `${formatHour(from)} – ${formatHour(to)}`;
}

export function formatHour(hour) {
    const text = formatFloatTime(hour, { noLeadingZeroHour: true });
    return text.replace(/:00$/, "");
}

/** A number of hours: 37:30 h is written 37.5 in no language we speak. */
export function formatHours(hours) {
    return formatFloatTime(hours, { noLeadingZeroHour: true });
}

/** Stretches that are used most on what is shown, offered as one click. */
export function usualHours(staff, most = 5) {
    const counts = new Map();
    for (const person of staff) {
        for (const cell of Object.values(person.days)) {
            for (const { kind, from, to, breaks, branch } of cell.shifts) {
                if (kind === "work" && !branch) {
                    const key = JSON.stringify([from, to, breaks]);
                    counts.set(key, (counts.get(key) || 0) + 1);
                }
            }
            for (const [from, to] of cell.weekly) {
                const key = JSON.stringify([from, to, []]);
                counts.set(key, (counts.get(key) || 0) + 0.1);
            }
        }
    }
    return [...counts]
        .sort((one, other) => other[1] - one[1])
        .slice(0, most)
        .map(([key]) => {
            const [from, to, breaks] = JSON.parse(key);
            return { from, to, breaks };
        })
        .sort((one, other) => one.from - other.from || one.to - other.to);
}

/** The cells between two ends that the pointer was drawn over, row by row. */
export function cellsBetween(staff, days, [staffA, dayA], [staffB, dayB]) {
    const rows = staff.map((person) => person.id);
    const columns = days.map((day) => day.date);
    const ordered = (list, one, other) => {
        const ends = [list.indexOf(one), list.indexOf(other)].sort((a, b) => a - b);
        return list.slice(ends[0], ends[1] + 1);
    };
    return ordered(rows, staffA, staffB).flatMap((id) =>
        ordered(columns, dayA, dayB).map((date) => ({ staff: id, date })),
    );
}
