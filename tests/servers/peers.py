"""Other mail servers, from Debian packages that do not go beside Dovecot and
Postfix: unpacked by `tests/install peers` into .build/peers and run in a root of
their own, whose /usr and /etc are the machine's with the package's laid over.
Needs root, for the mounts."""

import imaplib
import os
import secrets
import subprocess
import time

from . import letters
from .desk import TOP
from .process import Failed, Program, await_port, free_port, is_root
from .smtp_script import Script

UNPACKED = os.path.join(TOP, ".build", "peers")
ENTER = """\
set -e
mount -t overlay overlay -o ro,lowerdir=$unpacked/usr:/usr $root/usr
mount -t overlay overlay -o ro,lowerdir=$root/own:$unpacked/etc:/etc $root/etc
mount --rbind /dev $root/dev
mount --rbind /proc $root/proc
mount --rbind /tmp $root/tmp
exec chroot $root "$@"
"""
USERS = ("cyrus", "courier", "opensmtpd", "opensmtpq", "Debian-exim")
FIRST_USER = 61500


class Missing(Failed):
    """This machine cannot have that server."""


class Peer:
    """A server in a root of its own. put() places a file in its /etc or /var
    before start(); base is a folder that inside and outside name alike."""

    package = None

    def __init__(self, world, folder):
        self.world, self.base = world, folder
        self.root = os.path.join(folder, "root")
        self.password = world.dovecot.password
        self.user = "support"
        self.program = None
        if not is_root():
            raise Missing("only root may mount")
        self.unpacked = os.path.join(UNPACKED, self.package)
        if not os.path.isdir(os.path.join(self.unpacked, "usr")):
            raise Missing(f"{self.package} is not unpacked "
                          "(tests/install peers)")
        if not folder.startswith("/tmp/"):
            raise Missing("the temporary folder is not in /tmp")
        for name in ("usr", "etc", "own", "dev", "proc", "tmp", "var/lib",
                     "var/spool", "run", "data"):
            os.makedirs(os.path.join(self.root, name), exist_ok=True)
        for name in ("bin", "sbin", "lib", "lib64"):
            os.symlink("usr/" + name, os.path.join(self.root, name))
        os.symlink("../run", os.path.join(self.root, "var/run"))
        for path in (folder, self.root):
            os.chmod(path, 0o755)
        for name, line in (("passwd", "{0}:x:{1}:{1}::/var:/bin/sh\n"),
                           ("group", "{0}:x:{1}:\n")):
            with open("/etc/" + name) as f:
                text = f.read()
            text += "".join(line.format(u, FIRST_USER + i)
                            for i, u in enumerate(USERS)
                            if f"\n{u}:" not in text)
            self.put("own/" + name, text)
        cert, key = world.authority.issue(self.package)
        self.certificate, self.key = self.copy(cert), self.copy(key)

    def copy(self, path):
        with open(path) as f:
            return self.put("data/" + os.path.basename(path), f.read(), 0o600)

    def put(self, name, text, mode=0o644, owner=0):
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write(text)
        os.chmod(path, mode)
        os.chown(path, owner, owner)
        return "/" + name if not name.startswith("own/") else path

    def folder(self, name, owner=0, mode=0o755):
        path = os.path.join(self.root, name)
        os.makedirs(path, exist_ok=True)
        os.chmod(path, mode)
        os.chown(path, owner, owner)
        return "/" + name

    def inside(self, *argv):
        return ["unshare", "-m", "sh", "-c", ENTER, "sh", *argv]

    def environment(self, **more):
        return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C",
                "unpacked": self.unpacked, "root": self.root, **more}

    def run(self, *argv, data=b"", **more):
        done = subprocess.run(self.inside(*argv), input=data, timeout=30,
                              capture_output=True,
                              env=self.environment(**more))
        if done.returncode != 0:
            raise Failed(f"{argv[0]}: {done.stdout.decode()}"
                         f"{done.stderr.decode()}")

    def launch(self, argv, ports, **more):
        self.program = Program(self.inside(*argv),
                               os.path.join(self.base, "log"),
                               env=self.environment(**more))
        try:
            for port in ports:
                await_port(self.program, port, self.package, 30)
        except Failed:
            self.stop()
            raise
        return self

    def stop(self):
        if self.program:
            self.program.stop()
            self.program = None


class Cyrus(Peer):
    """imap: port, STARTTLS or plain."""

    package = "cyrus"
    tls = True
    sent = "Sent"

    def __init__(self, world, folder):
        super().__init__(world, folder)
        self.imap, self.lmtp = free_port(), free_port()
        uid = FIRST_USER
        for name in ("config", "mail"):
            self.folder("data/" + name, uid)
        for name in ("tls-cert", "tls-key"):
            source = self.certificate if name == "tls-cert" else self.key
            with open(self.root + source) as f:
                self.put("data/" + name, f.read(), 0o600, uid)
        self.put("data/imapd.conf", f"""\
configdirectory: /data/config
partition-default: /data/mail
defaultpartition: default
admins: admin
unixhierarchysep: yes
altnamespace: yes
virtdomains: off
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: /data/sasldb2
sasl_mech_list: PLAIN
allowplaintext: yes
tls_server_cert: /data/tls-cert
tls_server_key: /data/tls-key
imapidlepoll: 1
servername: localhost
""")
        self.put("data/cyrus.conf", f"""\
START {{
  recover cmd="/usr/lib/cyrus/bin/ctl_cyrusdb -C /data/imapd.conf -r"
}}
SERVICES {{
  imap cmd="/usr/lib/cyrus/bin/imapd -C /data/imapd.conf" \
listen="127.0.0.1:{self.imap}" prefork=1
  lmtp cmd="/usr/lib/cyrus/bin/lmtpd -C /data/imapd.conf -a" \
listen="127.0.0.1:{self.lmtp}" prefork=1
}}
EVENTS {{
}}
""")

    def start(self):
        for user in ("admin", self.user):
            self.run("saslpasswd2", "-p", "-c", "-f", "/data/sasldb2", "-u",
                     "localhost", user, data=self.password.encode())
        os.chown(self.root + "/data/sasldb2", FIRST_USER, FIRST_USER)
        self.launch(["/usr/sbin/cyrmaster", "-C", "/data/imapd.conf", "-M",
                     "/data/cyrus.conf", "-p", "/data/pid"],
                    (self.imap, self.lmtp), CYRUS_USER="cyrus")
        with imaplib.IMAP4("127.0.0.1", self.imap, timeout=20) as admin:
            admin.login("admin", self.password)
            for name in (f"user/{self.user}", f"user/{self.user}/Sent"):
                answer = admin.create(name)
                if answer[0] != "OK":
                    raise Failed(f"{name}: {answer}")
                # LMTP comes from nobody that has rights.
                admin.setacl(name, "anyone", "p")
        return self

    def deliver(self, user, mails):
        letters.deliver(self.lmtp, user, mails)


class Courier(Peer):
    """imap: port, plain: its couriertls would want more of a real installation.
    Mails are laid into the Maildir."""

    package = "courier"
    tls = False
    sent = "INBOX.Sent"

    def __init__(self, world, folder):
        super().__init__(world, folder)
        self.imap = free_port()
        uid = self.uid = 65534
        self.maildir = self.root + "/data/home/Maildir"
        for name in ("data/home", "data/home/Maildir",
                     *(f"data/home/Maildir/{box}{part}"
                       for box in ("", ".Sent/")
                       for part in ("", "tmp", "new", "cur"))):
            self.folder(name.rstrip("/"), uid, 0o700)
        self.put("data/home/Maildir/.Sent/maildirfolder", "", 0o600, uid)
        self.folder("run/courier/authdaemon", FIRST_USER + 1)
        self.put("own/courier/authdaemonrc", """\
authmodulelist="authuserdb"
authmodulelistorig="authuserdb"
daemons=2
authdaemonvar=/run/courier/authdaemon
DEBUG_LOGIN=0
DEFAULTOPTIONS=""
LOGGEROPTS=""
""")
        secret = subprocess.run(
            ["openssl", "passwd", "-5", "-stdin"], input=self.password,
            capture_output=True, text=True, check=True).stdout.strip()
        self.put("data/userdb", f"{self.user}\thome=/data/home|"
                 f"mail=/data/home/Maildir|uid={uid}|gid={uid}\n", 0o600)
        self.put("data/userdbshadow", f"{self.user}\timappw={secret}\n",
                 0o600)

    def start(self):
        # /etc is read-only inside: its databases are made beside it.
        for name in ("userdb", "userdbshadow"):
            self.run("/usr/lib/courier/makedat", f"-src=/data/{name}",
                     f"-file=/data/{name}.dat", f"-tmp=/data/{name}.tmp")
            os.rename(f"{self.root}/data/{name}.dat",
                      f"{self.root}/own/courier/{name}.dat")
        start = f"""\
mkdir -p /run/courier/authdaemon
set -a
. /etc/courier/authdaemonrc
/usr/lib/courier/courier-authlib/authdaemond &
. /etc/courier/imapd
IMAP_CAPABILITY="IMAP4rev1 UIDPLUS CHILDREN NAMESPACE SORT QUOTA IDLE"
IMAP_IDLE_TIMEOUT=1
IMAP_EMPTYTRASH= IMAP_ENHANCEDIDLE=0 IMAP_USELOCKS=0
MAILDIRPATH=Maildir
exec /usr/sbin/couriertcpd -address=127.0.0.1 -maxprocs=40 -maxperip=40 \\
  -nodnslookup -noidentlookup {self.imap} \\
  /usr/lib/courier/courier/imaplogin /usr/bin/imapd Maildir
"""
        return self.launch(["sh", "-c", start], (self.imap,))

    def deliver(self, user, mails):
        for raw in mails if isinstance(mails, list) else [mails]:
            name = f"{time.time():.6f}.{secrets.token_hex(4)}.localhost"
            path = os.path.join(self.maildir, "tmp", name)
            with open(path, "wb") as f:
                f.write(raw.replace(b"\r\n", b"\n"))
            os.chown(path, self.uid, self.uid)
            os.rename(path, os.path.join(self.maildir, "new", name))


class Relay(Peer):
    """submission: port. What it takes goes on to the customers' mailbox."""

    login = True        # by STARTTLS and AUTH

    def __init__(self, world, folder):
        super().__init__(world, folder)
        self.submission = free_port()
        self.next = Script()
        self.next.after_data = self._arrived

    def _arrived(self, mail):
        letters.deliver(self.world.dovecot.lmtp, "customers", mail.data,
                        sender=mail.sender)

    def stop(self):
        super().stop()
        self.next.stop()


class Exim(Relay):
    package = "exim"

    def __init__(self, world, folder):
        super().__init__(world, folder)
        uid = FIRST_USER + USERS.index("Debian-exim")
        for name in ("var/spool/exim4", "var/log/exim4", "run/exim4"):
            self.folder(name, uid)
        for name, source in (("cert", self.certificate), ("key", self.key)):
            with open(self.root + source) as f:
                self.put("data/tls-" + name, f.read(), 0o600, uid)
        self.put("own/exim4/exim4.conf", f"""\
primary_hostname = exim.test
daemon_smtp_ports = {self.submission}
local_interfaces = 127.0.0.1
log_file_path = /var/log/exim4/%slog
spool_directory = /var/spool/exim4
keep_environment =
tls_advertise_hosts = *
tls_certificate = /data/tls-cert
tls_privatekey = /data/tls-key
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
acl_smtp_rcpt = acl_rcpt
acl_smtp_data = acl_data
queue_run_in_order = false
begin acl
acl_rcpt:
  accept authenticated = *
  deny
acl_data:
  accept
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if eq{{$auth3}}{{{self.password}}}}}
  server_set_id = $auth2
begin routers
all:
  driver = manualroute
  route_list = * 127.0.0.1
  self = send
  transport = out
begin transports
out:
  driver = smtp
  port = {self.next.port}
  hosts = 127.0.0.1
  allow_localhost
  hosts_try_fastopen =
begin retry
* * F,1h,1s
""")

    def start(self):
        self.next.start()
        return self.launch(["/usr/sbin/exim4", "-bdf", "-q1s"],
                           (self.submission,))


class OpenSmtpd(Relay):
    login = False
    package = "opensmtpd"

    def __init__(self, world, folder):
        super().__init__(world, folder)
        for name in ("var/lib/opensmtpd/empty", "var/lib/opensmtpd",
                     "var/lib/misc"):
            self.folder(name)
        self.folder("var/spool/smtpd", mode=0o711)
        # Without TLS and so without login, as a relay on the same machine.
        self.put("data/smtpd.conf", f"""\
listen on 127.0.0.1 port {self.submission}
action "out" relay host "smtp+notls://127.0.0.1:{self.next.port}"
match from any for any action "out"
""")

    def start(self):
        self.next.start()
        return self.launch(["/usr/sbin/smtpd", "-d", "-f", "/data/smtpd.conf"],
                           (self.submission,))


__all__ = ["Courier", "Cyrus", "Exim", "Missing", "OpenSmtpd"]
