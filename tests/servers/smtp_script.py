"""An SMTP server that does what a real one cannot be made to do at will: refuse
for a while, refuse for ever, stop answering after DATA, hang up in the middle.
It records what it accepted. For tests only; one thread a connection.

    server.script = lambda mail: "451 4.3.0 later"   # after RCPT
    server.after_data = lambda mail: "hang"          # or an answer, or "close"
"""

import socket
import socketserver
import threading
import time


class Mail:
    def __init__(self, sender):
        self.sender = sender
        self.recipients = []
        self.data = b""
        self.at = 0.0
        self.connection = 0


class _Handler(socketserver.StreamRequestHandler):
    timeout = 60

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        server = self.server.owner
        with server.lock:
            server.connections += 1
            number = server.connections
        if server.greeting == "hang":
            server.stopping.wait(60)
            return
        self.say(server.greeting)
        mail = None
        while True:
            line = self.rfile.readline(4096)
            if not line:
                return
            word = line.decode("latin-1").strip()
            server.lines.append(word)
            verb = word.split(" ")[0].upper()
            if verb == "EHLO":
                self.say("250-script.test\r\n250-8BITMIME\r\n"
                         "250-ENHANCEDSTATUSCODES\r\n"
                         "250-AUTH PLAIN LOGIN\r\n250 SIZE 20000000")
            elif verb == "HELO":
                self.say("250 script.test")
            elif verb == "AUTH":
                if word.upper() == "AUTH PLAIN":
                    self.say("334 ")
                    self.rfile.readline(4096)
                elif word.upper().startswith("AUTH LOGIN"):
                    for _ in range(2 - (len(word.split()) > 2)):
                        self.say("334 ")
                        self.rfile.readline(4096)
                self.say(server.auth_answer)
            elif verb == "MAIL":
                mail = Mail(word.partition(":")[2].split(" ")[0].strip("<>"))
                mail.connection = number
                self.say(server.refuse_sender(mail) or server.mail_answer)
            elif verb == "RCPT" and mail:
                mail.recipients.append(
                    word.partition(":")[2].split(" ")[0].strip("<>"))
                answer = server.script(mail) or "250 2.1.5 Ok"
                with server.lock:
                    if not answer.startswith("2"):
                        server.refused.append((time.time(), mail, answer))
                self.say(answer)
            elif verb == "DATA" and mail:
                self.say("354 go on")
                mail.data = self.body()
                if mail.data is None:
                    return
                answer = server.after_data(mail) or "250 2.0.0 Ok: queued"
                mail.at = time.time()
                if answer.startswith("2"):
                    with server.lock:
                        server.accepted.append(mail)
                else:
                    with server.lock:
                        server.unanswered.append(mail)
                if answer == "hang":
                    server.stopping.wait(120)
                    return
                if answer == "close":
                    return
                self.say(answer)
                mail = None
            elif verb in ("RSET", "NOOP"):
                self.say("250 2.0.0 Ok")
            elif verb == "QUIT":
                self.say("221 2.0.0 Bye")
                return
            else:
                self.say("503 5.5.1 not now")

    def body(self):
        """The mail, undotted; None when the client hung up."""
        lines = []
        while True:
            line = self.rfile.readline(1 << 20)
            if not line:
                return None
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b".") else line)

    def finish(self):
        try:
            super().finish()
        except OSError:
            pass


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass


class Script:
    """port; accepted: list of Mail; refused: (time, Mail, answer)."""

    def __init__(self):
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.greeting = "220 script.test ESMTP"
        self.auth_answer = "235 2.7.0 Ok"
        self.mail_answer = "250 2.1.0 Ok"
        self.refuse_sender = lambda mail: None      # after MAIL
        self.script = lambda mail: None
        self.after_data = lambda mail: None
        self.accepted, self.refused, self.unanswered = [], [], []
        self.lines = []
        self.connections = 0
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True)

    def start(self):
        self._thread.start()
        return self

    def stop(self):
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


class Silent:
    """A port that takes connections and never says a word."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._socket.getsockname()[1]

    def start(self):
        return self

    def stop(self):
        self._socket.close()
