"""Senders of messages, in processes that may die; the world is a file."""

import os
import signal
from pathlib import Path

from salon_setup import Salon

from odoo.addons.salon_messages.engine import telegram


def prepare(env, visits):
    """Book visits whose clients are told by Telegram and, every second, by mail."""
    env.company.salon_telegram_bot_token = "stand-in"
    salon = Salon(env)
    clients = env["res.partner"].browse(salon.clients)
    for number, client in enumerate(clients):
        client.write(
            {"salon_telegram_chat": str(1000 + number)}
            if number % 2
            else {"email": f"client{number}@salon.test"}
        )
    env["salon.message"].search([]).unlink()
    for number in range(visits):
        day, minute = number // 10, 8 * 60 + 60 * (number % 10)
        salon.book(env, [("cut", 0, day, minute)], client=number)
    env.cr.execute(
        "UPDATE salon_message SET not_before = now() AT TIME ZONE 'UTC' "
        "WHERE state = 'queued'"
    )
    env.cr.execute("DELETE FROM salon_message WHERE audience != 'client'")


def speak_to(env, world, die_after=None):
    """Let Telegram be a file; the process dies after so many words to the world."""
    said = 0

    def call(_channel, _bot, _method, values):
        nonlocal said
        with Path(world).open("a") as file:
            file.write(f"{values['chat_id']}\n")
        said += 1
        if said == die_after:
            os.kill(os.getpid(), signal.SIGKILL)
        return telegram.Outcome(telegram.SENT, str(said))

    type(env["salon.channel.telegram"])._call = call


def die_before_noting(env):
    """Die when mails were handed to the queue and nothing is committed."""

    sender = type(env["salon.message.sender"])
    original = sender._note

    def note(self, messages, contents, results):
        if messages[:1].channel == "mail":
            os.kill(os.getpid(), signal.SIGKILL)
        return original(self, messages, contents, results)

    sender._note = note


def send(env, world, die_after=None, mail_dies=False):
    speak_to(env, world, die_after)
    if mail_dies:
        die_before_noting(env)
    # As if it had been long ago that somebody died.
    env.cr.execute(
        "UPDATE salon_message SET write_date = write_date - interval '1 hour' "
        "WHERE state = 'sending'"
    )
    env.cr.commit()
    env["salon.message.sender"]._run()
