from functools import partial

from num2words import num2words

from odoo import api, models

from ..engine.words import NAMES, Money, Name, in_words

#: What num2words calls a language, where that is not its code.
SPELLERS = {"kk": "kz"}
#: How num2words asks for the feminine, as in «одна копейка».
FEMININE = {"ru": {"gender": "f"}, "uk": {"gender": "feminine"}}


class SalonCashWords(models.AbstractModel):
    """Amounts in words, in the language of a document."""

    _name = "salon.cash.words"
    _description = "Amounts in Words"

    @api.model
    def _in_words(self, amount, currency, lang):
        """Say an amount with its currency.

        :param amount: zero or more, in the currency
        :param lang: code of a res.lang, such as ``ru_RU``
        """
        language = (lang or "en")[:2]
        whole, _point, digits = f"{amount:.{currency.decimal_places}f}".partition(".")
        return in_words(
            int(whole),
            int(digits) if digits else None,
            language,
            self._get_money(currency, lang),
            partial(self._spell, language),
        )

    @api.model
    def _get_money(self, currency, lang):
        """Names of a currency; one that is not known is called as the host calls it."""
        known = NAMES.get((lang or "en")[:2], {}).get(currency.name)
        if known:
            return known
        currency = currency.with_context(lang=lang)
        unit = currency.currency_unit_label or currency.name
        return Money(Name((unit,)), Name((currency.currency_subunit_label or "",)))

    @api.model
    def _spell(self, language, number, is_feminine):
        options = FEMININE.get(language, {}) if is_feminine else {}
        speller = SPELLERS.get(language, language)
        try:
            return num2words(number, lang=speller, **options)
        except NotImplementedError:
            return num2words(number, lang="en")
