"""A throw-away Dovecot 2.3: IMAP (plain and STARTTLS), IMAPS, LMTP, SASL.

Every user exists: the mailbox of a name appears with the first mail or login,
all with one password. So a test takes a fresh mailbox by taking a new name.
Started as root it drops to its own users as the packaged one does; as an
ordinary user everything runs as that user, without chroot.
"""

import os
import shutil
import subprocess

from . import letters
from .process import (Failed, Program, await_port, free_port, is_root, me,
                      my_group)

SESSIONS = 20   # of one user

CONFIG = """\
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {base}/run
state_dir = {base}/state
instance_name = {base}
log_path = {base}/dovecot.log
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = {mechanisms}
auth_failure_delay = 0
auth_username_format = %Ln
auth_cache_size = 0
mail_location = maildir:{base}/mail/%n
mail_max_userip_connections = {sessions}
mailbox_idle_check_interval = 2 secs
lmtp_save_to_detail_mailbox = no
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = {uid}
first_valid_gid = {gid}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
{oauth2}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/mail/%n allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
service anvil {{
{no_chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
{no_chroot}
  service_count = 0
  process_min_avail = 1
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service imap {{
  process_limit = 200
}}
service lmtp {{
{as_me}
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {sasl}
  }}
}}
service auth-worker {{
{as_me}
}}
service stats {{
{no_chroot}
}}
service dns-client {{
{no_chroot}
}}
service ipc {{
{no_chroot}
}}
service director {{
{no_chroot}
}}
protocol lmtp {{
  postmaster_address = postmaster@localhost
}}
{more}
"""

# Tokens are good when the authority that gave them says so (RFC 7662).
OAUTH2_PASSDB = """\
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {base}/oauth2.conf
}}
"""
OAUTH2 = """\
introspection_mode = post
introspection_url = {url}
tls_ca_cert_file = {ca}
username_attribute = username
username_format = %Ln
active_attribute = active
active_value = true
"""


class Dovecot:
    """imap, imaps, lmtp, sasl: ports. password: everyone's. introspection:
    (address, CA file) of the authority whose tokens are good."""

    def __init__(self, folder, certificate, key, password="pass-word",
                 ports=None, more="", introspection=None,
                 mechanisms="plain login xoauth2 oauthbearer"):
        self.base = folder
        self.mechanisms = mechanisms if introspection else "plain login"
        self.introspection = introspection
        self.password = password
        ports = ports or {}
        self.imap = ports.get("imap") or free_port()
        self.imaps = ports.get("imaps") or free_port()
        self.lmtp = ports.get("lmtp") or free_port()
        self.sasl = ports.get("sasl") or free_port()
        for name in ("", "run", "state", "mail"):
            os.makedirs(os.path.join(folder, name), mode=0o755, exist_ok=True)
        self.config = os.path.join(folder, "dovecot.conf")
        self.log = os.path.join(folder, "dovecot.log")
        self._write(certificate, key, more)
        self.program = None

    def _write(self, certificate, key, more):
        if is_root():
            # The packaged daemons' users, and nobody for the mail itself.
            uid = gid = 65534
            users = dict(internal="dovecot", group="dovecot", login="dovenull",
                         no_chroot="", as_me="")
            os.chown(os.path.join(self.base, "mail"), uid, gid)
        else:
            uid, gid = os.geteuid(), os.getegid()
            users = dict(internal=me(), group=my_group(), login=me(),
                         no_chroot="  chroot =", as_me=f"  user = {me()}")
        oauth2 = ""
        if self.introspection:
            url, ca = self.introspection
            oauth2 = OAUTH2_PASSDB.format(base=self.base)
            with open(os.path.join(self.base, "oauth2.conf"), "w") as f:
                f.write(OAUTH2.format(url=url, ca=ca))
        with open(self.config, "w") as f:
            f.write(CONFIG.format(
                base=self.base, cert=certificate, key=key, uid=uid, gid=gid,
                password=self.password, sessions=SESSIONS, imap=self.imap,
                imaps=self.imaps, lmtp=self.lmtp, sasl=self.sasl, more=more,
                oauth2=oauth2, mechanisms=self.mechanisms, **users))

    def start(self):
        binary = shutil.which("dovecot", path=os.environ.get("PATH", "") +
                              ":/usr/sbin:/usr/local/sbin")
        if not binary:
            raise Failed("dovecot is not installed (dovecot-imapd, "
                         "dovecot-lmtpd)")
        self.program = Program([binary, "-F", "-c", self.config],
                               os.path.join(self.base, "dovecot.out"))
        try:
            for port in (self.imap, self.imaps, self.lmtp, self.sasl):
                await_port(self.program, port, "Dovecot")
        except Failed as e:
            self.stop()
            raise Failed(f"{e}\n{self.log_text()[-2000:]}") from None
        return self

    def stop(self):
        if self.program:
            self.program.stop()
            self.program = None

    def log_text(self):
        try:
            with open(self.log, encoding="utf-8", errors="replace") as f:
                return f.read()
        except OSError:
            return ""

    def kick(self, user):
        """Close all of a user's sessions, as a server's restart would."""
        subprocess.run(["/usr/bin/doveadm", "-c", self.config, "kick", user],
                       capture_output=True, timeout=10)

    def deliver(self, user, mails):
        letters.deliver(self.lmtp, user, mails)

    def maildir(self, user):
        return os.path.join(self.base, "mail", user)
