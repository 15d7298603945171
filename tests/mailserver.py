"""A mail server for tests: real SMTP over a real socket, in a thread, that answers as it is told."""

import asyncio
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class MailServer:
    """What it takes lies in `taken`. `recipient` and `data` are answers to RCPT TO and DATA that are not the usual yes;
    `slow` is how long DATA takes; `hang_up` closes the connection where the yes would be."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    recipient: str = ""
    data: str = ""
    slow: float = 0
    hang_up: bool = False
    connections: int = 0

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        if self.recipient:
            return self.recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.slow:
            await asyncio.sleep(self.slow)
        if self.data:
            return self.data
        message: Any = message_from_bytes(envelope.content, policy=policy.SMTP)
        self.taken.append(message)
        if self.hang_up:
            server.transport.abort()
        return "250 OK"

    @property
    def message_ids(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        return Counter(str(message["Message-ID"]) for message in self.taken)


@contextmanager
def mail_server(**answers: Any) -> Iterator[MailServer]:
    """Run one on a port of the kernel's choice."""
    told = MailServer(**answers)
    loop = asyncio.new_event_loop()
    listening = socket.create_server(("127.0.0.1", told.port))
    told.port = listening.getsockname()[1]

    async def serve() -> None:
        await loop.create_server(lambda: SMTP(told, hostname="mail.test", loop=loop), sock=listening)

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(serve())
        loop.run_forever()

    thread = threading.Thread(target=run, name="mail server", daemon=True)
    thread.start()
    try:
        yield told
    finally:

        async def end() -> None:
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            loop.stop()

        asyncio.run_coroutine_threadsafe(end(), loop)
        thread.join(5)
        listening.close()


@contextmanager
def silent_server() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@contextmanager
def dribbling_server() -> Iterator[int]:
    """A server that never ends its greeting, one byte at a time: each answer in time, and none whole."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            file = connection.makefile("rb")
            connection.sendall(b"220 dribble\r\n")
            file.readline()
            connection.sendall(b"250 dribble\r\n")
            file.readline()
            while not over.is_set():
                try:
                    connection.sendall(b"250-x\r\n")
                except OSError:
                    return
                time.sleep(0.05)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        over.set()
        listening.close()
        thread.join(2)
