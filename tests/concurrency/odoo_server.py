"""Odoo as a script: with workers it starts itself again, which `-m odoo` cannot.

Each answer tells how long the server worked on it, and a request may ask that its
worker be killed, as by the kernel, just before or just after its commit. As behind a
proxy, any number of requests wait for a worker.
"""

import os
import signal
import socket
import time

import odoo.cli
import odoo.http
from odoo.service import model

#: Header of a request: "before" or "after" the commit.
CRASH = "X-Salon-Crash"
#: Header of an answer.
SECONDS = "X-Salon-Seconds"
#: Connections that wait; the host keeps eight for each worker and resets some others.
WAITING = 512


def _timed(serve):
    def timed(application, environ, start_response):
        start = time.monotonic()

        def with_time(status, headers, *rest):
            spent = f"{time.monotonic() - start:.4f}"
            return start_response(status, [*headers, (SECONDS, spent)], *rest)

        return serve(application, environ, with_time)

    return timed


def _mortal(retrying):
    def mortal(function, env):
        request = odoo.http.request
        wanted = request.httprequest.headers.get(CRASH) if request else None

        def once():
            result = function()
            if wanted == "before":
                env.cr.flush()
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        result = retrying(once, env)
        if wanted == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return mortal


def _patient(listen):
    def patient(server, backlog=WAITING):
        return listen(server, max(backlog, WAITING))

    return patient


socket.socket.listen = _patient(socket.socket.listen)
odoo.http.Application.__call__ = _timed(odoo.http.Application.__call__)
model.retrying = _mortal(model.retrying)
odoo.cli.main()
