//! `webhooks listen --inbox --admin`, or `run`, as a process, and requests to its page with every header chosen.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(30);

/// The secret of Qase, with which the listener is started.
pub(crate) const SECRET: &str = "qase-secret-0123456789";

pub(crate) struct Process {
    child: Child,
    /// Where deliveries come in, if they do.
    listener: Option<SocketAddr>,
    pub(crate) admin: SocketAddr,
}

/// An answer, with its head as text.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

/// A listener, with a clean environment.
pub(crate) fn command(inbox: &str, arguments: &[&str]) -> Command {
    let listen = ["listen", "--port", "0", "--insecure", "deepsource", "--insecure", "monitorqa"];
    let mut command = of(&[&listen[..], &["--inbox", inbox], arguments].concat());
    command.env("QASE_WEBHOOK_SECRET", SECRET);
    command
}

/// The tool with these arguments and a clean environment.
pub(crate) fn of(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_webhooks"));
    command.args(arguments);
    for variable in [
        "DEEPSOURCE_WEBHOOK_SECRET",
        "MONITORQA_WEBHOOK_TOKEN",
        "WEBHOOKS_ADMIN_TOKEN",
        "WEBHOOKS_ADMIN_TOKEN_FILE",
        "WEBHOOKS_INBOX",
        "WEBHOOKS_INBOX_FILE",
        "RUST_LOG",
    ] {
        command.env_remove(variable);
    }
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

impl Process {
    pub(crate) fn start(inbox: &str, arguments: &[&str]) -> Self {
        Self::spawn(command(inbox, &[&["--admin", "127.0.0.1:0"], arguments].concat()))
    }

    #[expect(clippy::zombie_processes, reason = "a test that panics here ends, and its children with it")]
    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let stderr = child.stderr.take().unwrap();
        let (said, heard) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let _ = said.send(line);
            }
        });
        let (mut listener, mut log) = (None, String::new());
        loop {
            let line = heard.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("it did not start: {log}"));
            let address = |prefix: &str| {
                let rest = line.strip_prefix(prefix)?;
                rest.split([' ', ',']).next()?.parse::<SocketAddr>().ok()
            };
            if let Some(address) = address("listening on http://") {
                listener = Some(address);
            }
            if let Some(admin) = address("admin page on http://") {
                return Self { child, listener, admin };
            }
            log = log + &line + "\n";
        }
    }

    pub(crate) fn listener(&self) -> SocketAddr {
        self.listener.unwrap()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.admin)
    }

    /// A page as a browser on this machine asks for it.
    pub(crate) fn get(&self, path: &str) -> Answer {
        let host = self.admin.to_string();
        self.ask("GET", path, &[("host", &host), ("accept", "text/html")], "")
    }

    /// A request with these headers and no others.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        ask(self.admin, method, path, headers, body)
    }

    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }
}

pub(crate) fn ask(
    addr: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut request =
        format!("{method} {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        request.extend([*name, ": ", value, "\r\n"]);
    }
    stream.write_all(format!("{request}\r\n{body}").as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
