//! `webhooks listen` as a process on a free port, which ends with the test.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

use crate::http::{self, Answer};
use crate::process;
use crate::vendors::EVERY_SECRET;

/// How long to wait for a line that must come.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Listener {
    child: Child,
    pub(crate) addr: SocketAddr,
    stdout: Receiver<String>,
    stderr: Option<JoinHandle<String>>,
}

/// What a listener left behind.
pub(crate) struct Remains {
    pub(crate) status: ExitStatus,
    /// The lines that nobody has read yet.
    pub(crate) stdout: Vec<String>,
    pub(crate) stderr: String,
}

impl Listener {
    /// Starts a listener that prints JSON, with these arguments more.
    pub(crate) fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let arguments = [&["--json"], arguments].concat();
        Self::start_plain(&arguments, environment)
    }

    /// Starts a listener that prints for people.
    pub(crate) fn start_plain(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let arguments = [&["listen", "--addr", "127.0.0.1:0"], arguments].concat();
        Self::spawn(&mut process::command(&arguments, environment))
    }

    /// Starts a listener that prints JSON and may have only so many open files.
    #[cfg(unix)]
    pub(crate) fn with_open_files(files: usize, arguments: &[&str]) -> Self {
        let arguments = [&["listen", "--json", "--addr", "127.0.0.1:0"], arguments].concat();
        let listen = process::command(&arguments, &EVERY_SECRET);
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("ulimit -n {files}; exec \"$0\" \"$@\""));
        command.arg(listen.get_program()).args(listen.get_args());
        for (name, value) in listen.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        Self::spawn(command.stdout(Stdio::piped()).stderr(Stdio::piped()))
    }

    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let stdout = child.stdout.take().unwrap();
        let (line, lines) = mpsc::channel();
        thread::spawn(move || BufReader::new(stdout).lines().try_for_each(|text| line.send(text.unwrap())));
        let stderr = child.stderr.take().unwrap();
        let (first, addr) = mpsc::channel();
        let stderr = thread::spawn(move || {
            let mut all = String::new();
            for text in BufReader::new(stderr).lines().map(Result::unwrap) {
                if let Some(rest) = text.strip_prefix("listening on http://") {
                    let addr = rest.split_whitespace().next().unwrap_or_default();
                    // The test may have given up already.
                    let _ = first.send(addr.parse().unwrap());
                }
                all += &text;
                all.push('\n');
            }
            all
        });
        let addr = addr.recv_timeout(PATIENCE).expect("the listener said where it listens");
        Self { child, addr, stdout: lines, stderr: Some(stderr) }
    }

    /// A URL on the listener.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// A request on a connection of its own.
    pub(crate) fn request(
        &self,
        method: &str,
        target: &str,
        headers: &[(&'static str, String)],
        body: &[u8],
    ) -> Answer {
        http::request(self.addr, method, target, headers, body)
    }

    /// The next line that it prints.
    pub(crate) fn text(&self) -> String {
        self.stdout.recv_timeout(PATIENCE).expect("the listener printed a line")
    }

    /// The next JSON line that it prints.
    pub(crate) fn line(&self) -> Value {
        serde_json::from_str(&self.text()).unwrap()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal, by name.
    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Asks it to stop, and gathers what it left behind.
    #[cfg(unix)]
    pub(crate) fn stop(self) -> Remains {
        self.signal("TERM");
        self.remains()
    }

    /// Waits for its end, and gathers what it left behind.
    pub(crate) fn remains(mut self) -> Remains {
        let status = process::wait(&mut self.child, PATIENCE);
        let stderr = self.stderr.take().unwrap().join().unwrap();
        Remains { status, stdout: self.stdout.iter().collect(), stderr }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Both fail when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
