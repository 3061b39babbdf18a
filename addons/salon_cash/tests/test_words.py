from odoo.tests import TransactionCase, tagged


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
