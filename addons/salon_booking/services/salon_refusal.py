from datetime import date

from odoo import api, models
from odoo.tools import format_date, format_time

from ..engine import clock


class SalonRefusal(models.AbstractModel):
    """Says in a sentence why a wish cannot be fulfilled.

    One method ``_say_<code>`` for each code of ``engine.refusals.Refusal``; an addon
    with rules of its own adds its methods by ``_inherit``. Values are ids, UTC minutes
    and dates: ``service``, ``test``, ``consultation`` are product.template, ``product``
    is product.product, ``staff`` an hr.employee, ``level`` a salon.staff.level,
    ``facility_type`` a salon.facility.type. ``first`` is the first free time, said
    after the reason. Other clients are never named.
    """

    _name = "salon.refusal"
    _description = "Reasons in Words"

    @api.model
    def _text(self, refusal, branch, channel="desk"):
        """The sentence for one refusal, in the language of the reader.

        :param channel: what only the team may know is told to the desk alone
        """
        # sudo: product, hr.employee, salon.branch - only names leave this method
        self = self.sudo()
        branch = branch.sudo()
        values = dict(refusal.values)
        if channel != "desk" and refusal.code in self._confidential():
            return self._say_ask_us(branch)
        say = getattr(self, f"_say_{refusal.code}", None)
        if say is None:
            return self.env._(
                "This time cannot be booked (%(rule)s).", rule=refusal.code
            )
        text = say(values, refusal, branch)
        if first := values.get("first"):
            text += " " + self.env._(
                "The first free time is %(time)s.", time=self._moment(first, branch)
            )
        return text

    @api.model
    def _texts(self, refusals, branch, channel="desk"):
        """All of them, each sentence once."""
        return list(
            dict.fromkeys(self._text(refusal, branch, channel) for refusal in refusals)
        )

    @api.model
    def _confidential(self):
        """Codes that a client is not told: a block, a reaction, an agreement."""
        return {
            "client_blocked",
            "client_approval",
            "client_debt",
            "service_approval",
            "patch_reaction",
            "licence_expired",
        }

    @api.model
    def _say_ask_us(self, branch):
        phone = branch.phone
        if phone:
            return self.env._("Please call us to book this: %(phone)s.", phone=phone)
        return self.env._("Please call us to book this.")

    # Words for values

    @api.model
    def _service(self, values, key="service"):
        if values.get("product"):
            return self.env["product.product"].browse(values["product"]).name
        return self.env["product.template"].browse(values.get(key)).name or self.env._(
            "This service"
        )

    @api.model
    def _who(self, values):
        staff = self.env["hr.employee"].browse(values.get("staff")).exists()
        return staff.name or self.env._("Nobody")

    @api.model
    def _day(self, day, _branch=None):
        return format_date(self.env, day, date_format="EEEE d MMMM")

    @api.model
    def _moment(self, minute, branch):
        """A UTC minute as day and time on the clock of the branch."""
        wall = clock.local(minute, branch.tz)
        return self.env._(
            "%(day)s at %(time)s",
            day=self._day(wall.date()),
            time=format_time(self.env, wall.time(), time_format="short"),
        )

    @api.model
    def _day_of(self, value, branch):
        """A day, given as a date or as a UTC minute."""
        if isinstance(value, date):
            return self._day(value)
        return self._day(clock.local(value, branch.tz).date())

    @api.model
    def _duration(self, minutes):
        days, rest = divmod(minutes, 24 * 60)
        if days and not rest:
            return (
                self.env._("one day")
                if days == 1
                else self.env._("%(count)s days", count=days)
            )
        if minutes >= 60 and not minutes % 60:
            hours = minutes // 60
            return (
                self.env._("one hour")
                if hours == 1
                else self.env._("%(count)s hours", count=hours)
            )
        return self.env._("%(count)s minutes", count=minutes)

    # Places, people and times

    @api.model
    def _say_closed(self, _values, refusal, branch):
        if refusal.until:
            return self.env._(
                "%(branch)s is closed until %(time)s.",
                branch=branch.name,
                time=self._moment(refusal.until, branch),
            )
        return self.env._("%(branch)s is closed then.", branch=branch.name)

    @api.model
    def _say_not_working(self, values, refusal, branch):
        if refusal.until:
            return self.env._(
                "%(staff)s does not work then, but again from %(time)s.",
                staff=self._who(values),
                time=self._moment(refusal.until, branch),
            )
        return self.env._("%(staff)s does not work then.", staff=self._who(values))

    @api.model
    def _say_on_leave(self, values, refusal, branch):
        if refusal.until:
            # The last day of the leave, not the first one back.
            return self.env._(
                "%(staff)s is on leave until %(day)s.",
                staff=self._who(values),
                day=self._day_of(refusal.until - 1, branch),
            )
        return self.env._("%(staff)s is on leave.", staff=self._who(values))

    @api.model
    def _say_busy(self, values, refusal, branch):
        if refusal.until:
            return self.env._(
                "%(staff)s is busy until %(time)s.",
                staff=self._who(values),
                time=self._moment(refusal.until, branch),
            )
        return self.env._("%(staff)s is busy then.", staff=self._who(values))

    @api.model
    def _say_nobody_free(self, values, _refusal, _branch):
        return self.env._(
            "Nobody who does “%(service)s” is free then.",
            service=self._service(values),
        )

    @api.model
    def _say_no_place(self, values, _refusal, branch):
        kind = self.env["salon.facility.type"].browse(values.get("facility_type"))
        if not kind:
            return self.env._("No place is free then.")
        return self.env._(
            "Every “%(kind)s” in %(branch)s is taken or closed then.",
            kind=kind.name,
            branch=branch.name,
        )

    @api.model
    def _say_no_skill(self, values, _refusal, branch):
        if not values.get("staff"):
            return self.env._(
                "Nobody in %(branch)s does “%(service)s”.",
                branch=branch.name,
                service=self._service(values),
            )
        return self.env._(
            "%(staff)s does not do “%(service)s”.",
            staff=self._who(values),
            service=self._service(values),
        )

    @api.model
    def _say_not_in_branch(self, values, _refusal, branch):
        return self.env._(
            "%(staff)s does not work in %(branch)s.",
            staff=self._who(values),
            branch=branch.name,
        )

    @api.model
    def _say_licence_expired(self, values, _refusal, _branch):
        return self.env._(
            "%(staff)s may not do “%(service)s” then: a licence is missing or has "
            "expired.",
            staff=self._who(values),
            service=self._service(values),
        )

    @api.model
    def _say_staff_unknown(self, _values, _refusal, _branch):
        return self.env._("This person takes no bookings any more.")

    @api.model
    def _say_level(self, values, _refusal, _branch):
        level = self.env["salon.staff.level"].browse(values.get("level"))
        if not values.get("staff"):
            return self.env._(
                "Nobody of the level “%(level)s” is free then.", level=level.name
            )
        return self.env._(
            "%(staff)s is not of the level “%(level)s”.",
            staff=self._who(values),
            level=level.name,
        )

    @api.model
    def _say_gender(self, values, _refusal, _branch):
        if values.get("gender") == "female":
            return self.env._("No woman who does this is free then.")
        if values.get("gender") == "male":
            return self.env._("No man who does this is free then.")
        return self.env._("Nobody like this is free then.")

    @api.model
    def _say_wait_too_long(self, values, _refusal, _branch):
        minutes = values.get("minutes")
        if minutes is None:
            return self.env._("The wait between two services would be too long.")
        return self.env._(
            "There would be a wait of more than %(wait)s between two services.",
            wait=self._duration(minutes),
        )

    @api.model
    def _say_policy_hold(self, _values, refusal, branch):
        if refusal.until:
            return self.env._(
                "Somebody is just booking this time. If not, it is free again from "
                "%(time)s.",
                time=self._moment(refusal.until, branch),
            )
        return self.env._("Somebody is just booking this time.")

    # Policies

    @api.model
    def _say_past(self, _values, _refusal, _branch):
        return self.env._("This time is past.")

    @api.model
    def _say_lead_time(self, values, _refusal, _branch):
        return self.env._(
            "It can be booked up to %(lead)s before it begins.",
            lead=self._duration(values.get("minutes", 0)),
        )

    @api.model
    def _say_horizon(self, values, _refusal, branch):
        last = values.get("last")
        if last:
            return self.env._(
                "Bookings are taken up to %(day)s.", day=self._day_of(last, branch)
            )
        return self.env._("This is too far ahead to be booked yet.")

    @api.model
    def _say_same_day(self, values, _refusal, _branch):
        return self.env._(
            "“%(service)s” can be booked for today only.", service=self._service(values)
        )

    @api.model
    def _say_off_grid(self, values, _refusal, _branch):
        if values.get("minutes"):
            return self.env._(
                "Times are given every %(grid)s.",
                grid=self._duration(values["minutes"]),
            )
        return self.env._("Visits do not begin at this time.")

    @api.model
    def _say_gap(self, _values, _refusal, _branch):
        return self.env._(
            "This time would leave a gap that is too short for another visit."
        )

    @api.model
    def _say_daily_cap(self, values, _refusal, branch):
        return self.env._(
            "“%(service)s” is fully booked in %(branch)s on this day.",
            service=self._service(values),
            branch=branch.name,
        )

    @api.model
    def _say_staff_daily_cap(self, values, _refusal, _branch):
        return self.env._(
            "%(staff)s takes no more bookings on this day.", staff=self._who(values)
        )

    @api.model
    def _say_group_times(self, values, _refusal, _branch):
        return self.env._(
            "“%(service)s” takes place at planned times only, and none with places "
            "left fits.",
            service=self._service(values),
        )

    # The client

    @api.model
    def _say_client_blocked(self, values, _refusal, _branch):
        return self.env._(
            "The client is blocked: %(reason)s.", reason=values.get("reason", "")
        )

    @api.model
    def _say_client_approval(self, _values, _refusal, _branch):
        return self.env._("The salon wants to be asked before this client is booked.")

    @api.model
    def _say_client_debt(self, _values, _refusal, _branch):
        return self.env._("What the client owes is to be paid before the next booking.")

    @api.model
    def _say_service_approval(self, values, _refusal, _branch):
        return self.env._(
            "“%(service)s” is booked by agreement only.", service=self._service(values)
        )

    @api.model
    def _say_package_missing(self, values, _refusal, _branch):
        return self.env._(
            "“%(service)s” is for clients with a package that covers it.",
            service=self._service(values),
        )

    @api.model
    def _say_new_only(self, values, _refusal, _branch):
        return self.env._(
            "“%(service)s” is for new clients only.", service=self._service(values)
        )

    @api.model
    def _say_returning_only(self, values, _refusal, _branch):
        return self.env._(
            "“%(service)s” is for clients who have been here before.",
            service=self._service(values),
        )

    @api.model
    def _say_too_soon(self, values, refusal, branch):
        return self.env._(
            "The last time was on %(last)s; “%(service)s” is possible again from "
            "%(day)s.",
            last=self._day_of(values["last"], branch),
            service=self._service(values),
            day=self._day_of(refusal.until, branch),
        )

    @api.model
    def _say_too_late(self, values, _refusal, branch):
        return self.env._(
            "“%(service)s” is possible up to %(days)s days after the last time, which "
            "was on %(last)s.",
            service=self._service(values),
            days=values["days"],
            last=self._day_of(values["last"], branch),
        )

    @api.model
    def _say_base_missing(self, values, _refusal, _branch):
        bases = self.env["product.template"].browse(values.get("bases", ()))
        return self.env._(
            "“%(service)s” comes after %(bases)s.",
            service=self._service(values),
            bases=self.env._(" or ").join(
                f"“{name}”" for name in bases.sorted("name").mapped("name")
            ),
        )

    @api.model
    def _say_patch_missing(self, values, _refusal, _branch):
        return self.env._(
            "“%(service)s” needs “%(test)s” first.",
            service=self._service(values),
            test=self._service(values, "test"),
        )

    @api.model
    def _say_patch_expired(self, values, _refusal, branch):
        return self.env._(
            "“%(test)s” was good until %(last)s; “%(service)s” needs a new one.",
            test=self._service(values, "test"),
            last=self._day_of(values["last"], branch),
            service=self._service(values),
        )

    @api.model
    def _say_patch_too_fresh(self, values, refusal, branch):
        return self.env._(
            "“%(service)s” is possible %(hours)s hours after “%(test)s”, from "
            "%(time)s.",
            service=self._service(values),
            hours=values["hours"],
            test=self._service(values, "test"),
            time=self._moment(refusal.until, branch),
        )

    @api.model
    def _say_patch_reaction(self, values, _refusal, _branch):
        return self.env._(
            "The last “%(test)s” showed a reaction, so “%(service)s” is not done.",
            test=self._service(values, "test"),
            service=self._service(values),
        )

    @api.model
    def _say_consultation_missing(self, values, _refusal, _branch):
        return self.env._(
            "“%(service)s” needs “%(consultation)s” first.",
            service=self._service(values),
            consultation=self._service(values, "consultation"),
        )

    @api.model
    def _say_consultation_expired(self, values, _refusal, branch):
        return self.env._(
            "The last “%(consultation)s” was on %(last)s; “%(service)s” needs a newer "
            "one.",
            consultation=self._service(values, "consultation"),
            last=self._day_of(values["last"], branch),
            service=self._service(values),
        )

    @api.model
    def _say_too_young(self, values, _refusal, _branch):
        return self.env._(
            "“%(service)s” is for clients from %(age)s years on.",
            service=self._service(values),
            age=values["age"],
        )

    @api.model
    def _say_too_old(self, values, _refusal, _branch):
        return self.env._(
            "“%(service)s” is for clients up to %(age)s years.",
            service=self._service(values),
            age=values["age"],
        )

    @api.model
    def _say_age_unknown(self, values, _refusal, _branch):
        return self.env._(
            "“%(service)s” has an age limit; please ask for the date of birth.",
            service=self._service(values),
        )

    @api.model
    def _say_client_gender(self, values, _refusal, _branch):
        service = self._service(values)
        if values.get("gender") == "female":
            return self.env._("“%(service)s” is for women.", service=service)
        if values.get("gender") == "male":
            return self.env._("“%(service)s” is for men.", service=service)
        return self.env._("“%(service)s” is not for this client.", service=service)

    @api.model
    def _say_gender_unknown(self, values, refusal, branch):
        return self.env._(
            "%(rule)s Please ask.",
            rule=self._say_client_gender(values, refusal, branch),
        )
