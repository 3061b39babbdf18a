from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: Letters of a text that somebody writes on a phone.
MOST_LETTERS, MOST_LETTERS_OF_LINE, MOST_LETTERS_OF_NAME = 2000, 500, 40
OWNERS = ("branch_id", "staff_id", "product_tmpl_id")


def clean(text, most):
    """Text as somebody wrote it, without what no keyboard has, cut to a length."""
    text = text if isinstance(text, str) else ""
    kept = "".join(one for one in text if one.isprintable() or one == "\n")
    return kept.strip()[:most]


class SalonReviews(models.AbstractModel):
    """Takes what clients say of a visit, and knows the averages."""

    _name = "salon.reviews"
    _description = "Reviews Service"

    # --- writing ---

    @api.model
    def _is_open(self, visit):
        """Whether a review of this visit can be written, or changed once, now."""
        if visit.state != "done" or visit.is_history or not self._get_lines(visit):
            return False
        review = self._get_review(visit)
        branch, now = visit.branch_id, fields.Datetime.now()
        if review:
            last = review.written_at + timedelta(days=branch.review_edit_days)
            return not review.edit_count and now <= last
        return now <= visit.stop + timedelta(days=branch.review_days)

    @api.model
    def _get_review(self, visit):
        # sudo: salon.review - for whoever holds the link of the visit
        return self.env["salon.review"].sudo().search([("visit_id", "=", visit.id)])

    @api.model
    def _get_lines(self, visit):
        """The services that can be given stars."""
        return visit.appointment_ids.filtered(lambda one: one.state == "done").sorted(
            lambda one: (one.start, one.id)
        )

    @api.model
    def _write(self, visit, stars, texts=None, text="", author=""):
        """Take a review, or change it once.

        :param visit: in sudo, for whoever holds its link
        :param stars: ``{appointment id: 1 to 5}``; services left out have none
        :param texts: ``{appointment id: what is said of it}``
        :return: salon.review
        :raises UserError: the time for it is over, or there are no stars
        """
        visit.env["salon.checkout"]._lock(visit)
        visit.invalidate_recordset()
        if not self._is_open(visit):
            raise UserError(
                self.env._(
                    "A review of this visit cannot be written any more. Please call us "
                    "instead."
                )
            )
        texts = texts or {}
        services = self._get_lines(visit)
        lines = [
            {
                "appointment_id": one.id,
                "stars": stars[one.id],
                "text": clean(texts.get(one.id), MOST_LETTERS_OF_LINE) or False,
            }
            for one in services
            if stars.get(one.id) in range(1, 6)
        ]
        if not lines:
            raise UserError(self.env._("Please give at least one service its stars."))
        review = self._get_review(visit)
        touched = review.line_ids._get_places()
        values = {
            "text": clean(text, MOST_LETTERS) or False,
            "author": clean(author, MOST_LETTERS_OF_NAME).replace("\n", " ") or False,
            "line_ids": [(5,), *((0, 0, line) for line in lines)],
        }
        if review:
            review.write({**values, "edit_count": review.edit_count + 1})
        else:
            # sudo: salon.review - by whoever holds the link of the visit
            review = (
                self.env["salon.review"]
                .sudo()
                .create(
                    {
                        **values,
                        "visit_id": visit.id,
                        "written_at": fields.Datetime.now(),
                    }
                )
            )
        self._sort_in(review)
        self._refresh(touched | review.line_ids._get_places())
        return review

    @api.model
    def _sort_in(self, review):
        """A low one is a complaint before anything of it is public."""
        branch = review.branch_id
        was_complaint = review.state in ("complaint", "settled")
        if review.lowest <= branch.review_low_stars:
            review.state = "complaint"
            if not was_complaint:
                review._after_low_rating()
        else:
            review.state = "published" if branch.review_auto_publish else "new"
            if was_complaint:
                review.activity_feedback(["mail.mail_activity_data_todo"])

    # --- averages ---

    @api.model
    def _refresh(self, places=None):
        """Sum the stars of these places anew, in one statement.

        All count but open complaints, of which nothing is public.

        :param places: ``{(branch id, person id or 0, service id or 0)}``; all without
        """
        if places is not None and not places:
            return
        self.env["salon.review.line"].flush_model()
        if places is None:
            which, joined = SQL(), SQL()
        else:
            asked = sorted(places)
            rows = SQL(
                """(SELECT DISTINCT * FROM unnest(%s::int[], %s::int[], %s::int[])
                    AS asked(branch_id, staff_id, product_tmpl_id)) AS asked""",
                [one[0] for one in asked],
                [one[1] for one in asked],
                [one[2] for one in asked],
            )
            joined = SQL(
                """JOIN %s ON asked.branch_id = line.branch_id
                      AND asked.staff_id = COALESCE(line.staff_id, 0)
                      AND asked.product_tmpl_id = COALESCE(line.product_tmpl_id, 0)""",
                rows,
            )
            which = SQL(
                """WHERE (branch_id, staff_id, product_tmpl_id) IN
                         (SELECT branch_id, staff_id, product_tmpl_id FROM %s)""",
                rows,
            )
        self.env.cr.execute(SQL("DELETE FROM salon_review_average %s", which))
        self.env.cr.execute(
            SQL(
                """INSERT INTO salon_review_average
                          (branch_id, staff_id, product_tmpl_id,
                           review_count, stars_total)
                   SELECT line.branch_id, COALESCE(line.staff_id, 0),
                          COALESCE(line.product_tmpl_id, 0), count(*), sum(line.stars)
                     FROM salon_review_line line %s
                    WHERE line.state != 'complaint'
                 GROUP BY 1, 2, 3""",
                joined,
            )
        )
        self.env["salon.review.average"].invalidate_model(flush=False)

    @api.model
    def _get_averages(self, branches, by):
        """What clients say on average, in one query, for everybody to see.

        :param branches: salon.branch
        :param by: "branch_id", "staff_id" or "product_tmpl_id"
        :return: ``{id: (average, count)}``; nothing for what has no review
        """
        if by not in OWNERS:
            raise ValueError(f"Reviews have no {by!r}.")
        rows = self.env.execute_query(
            SQL(
                """SELECT %(owner)s, sum(stars_total), sum(review_count)
                     FROM salon_review_average
                    WHERE branch_id = ANY(%(branches)s) AND %(owner)s != 0
                 GROUP BY 1""",
                owner=SQL.identifier(by),
                branches=branches.ids,
            )
        )
        return {
            owner: (round(total / count, 1), int(count)) for owner, total, count in rows
        }

    @api.model
    def _get_public(self, branch, limit=20, offset=0):
        """Public reviews as a page shows them, the newest first."""
        # sudo: salon.review - published for everybody
        reviews = (
            self.env["salon.review"]
            .sudo()
            .search(
                [("branch_id", "=", branch.id), ("state", "=", "published")],
                limit=limit,
                offset=offset,
            )
        )
        name = self.env["salon.own.visit"]._get_staff_name
        return [
            {
                "author": review.author or "",
                "stars": review.stars,
                "date": fields.Date.to_date(review.written_at),
                "text": review.text or "",
                "reply": review.reply or "",
                "lines": [
                    {
                        "service": line.product_id.name,
                        "who": name(line.staff_id) if line.staff_id else "",
                        "stars": line.stars,
                        "text": line.text or "",
                    }
                    for line in review.line_ids
                ],
            }
            for review in reviews
        ]
