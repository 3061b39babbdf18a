import csv
import os
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from ..engine.words import NAMES, capital

DATA = Path(os.environ.get("SALON_DATA") or "../shared/data") / "words"


@tagged("post_install", "-at_install")
class TestWords(TransactionCase):
    """What num2words and we say together; the golden numbers first."""

    def test_golden(self):
        for lang, currency, amount, words in (
            (
                "ru_RU",
                "RUB",
                1234.5,
                "Одна тысяча двести тридцать четыре рубля пятьдесят копеек",
            ),
            ("az_AZ", "AZN", 1234.5, "Min iki yüz otuz dörd manat, əlli qəpik"),
            ("tr_TR", "TRY", 1234.5, "Binikiyüzotuzdörtliraellikuruş"),
            (
                "en_US",
                "USD",
                1234.5,
                "One thousand, two hundred and thirty-four dollars, fifty cents",
            ),
            ("ru_RU", "RUB", 22.01, "Двадцать два рубля одна копейка"),
            ("ru_RU", "UAH", 2.02, "Две гривны две копейки"),
            ("uk_UA", "UAH", 21.42, "Двадцять одна гривня сорок дві копійки"),
            ("uk_UA", "RUB", 5.11, "П'ять рублів одинадцять копійок"),
            ("kk_KZ", "KZT", 1234.5, "Бір мың екі жүз отыз төрт теңге елу тиын"),
            ("tr_TR", "TRY", 2000, "İkibinlira"),
            ("az_AZ", "AZN", 2, "İki manat, sıfır qəpik"),
            ("ru_RU", "TRY", 1, "Одна лира ноль курушей"),
            ("en_US", "JPY", 3, "Three Yen"),
        ):
            with self.subTest(lang=lang, currency=currency, amount=amount):
                record = self.env["res.currency"].with_context(active_test=False)
                record = record.search([("name", "=", currency)])
                said = self.env["salon.cash.words"]._in_words(amount, record, lang)
                self.assertEqual(said, words)

    def test_every_amount_of_the_samples_is_said_as_it_should(self):
        """Where their currency is one of ours; commas stand as our forms have them."""
        path = DATA / "cases.csv"
        if not path.exists():
            self.skipTest(f"No sample amounts at {path}.")
        with path.open(encoding="utf-8") as file:
            cases = [
                case
                for case in csv.DictReader(file)
                if case["to"] == "currency" and not case["options"]
            ]
        said = 0
        currencies = self.env["res.currency"].with_context(active_test=False)
        for case in cases:
            lang = {"kz": "kk"}.get(case["lang"], case["lang"])
            name = case["currency"] or "TRY"
            amount = float(case["number"])
            if lang == "uk" and "." not in case["number"]:
                amount /= 100
            # Nobody takes nothing: "bedelsiz" is on no receipt.
            if name not in NAMES.get(lang, {}) or (lang == "tr" and amount <= 0):
                continue
            said += 1
            with self.subTest(lang=lang, currency=name, amount=amount):
                currency = currencies.search([("name", "=", name)])
                words = self.env["salon.cash.words"]._in_words(amount, currency, lang)
                expected = capital(case["expected"].replace(",", ""), lang)
                self.assertEqual(words.replace(",", ""), expected)
        self.assertEqual(said, 121)
