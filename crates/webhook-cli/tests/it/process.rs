//! The binary, run to its end, bounded in time.

use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a run of the binary left behind.
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
}

/// Runs the binary to its end.
pub(crate) fn webhooks(arguments: &[&str]) -> Outcome {
    webhooks_with(arguments, &[], b"")
}

/// Runs the binary to its end, with these variables and this standard input.
pub(crate) fn webhooks_with(arguments: &[&str], environment: &[(&str, &str)], input: &[u8]) -> Outcome {
    let started = Instant::now();
    let mut child = command(arguments, environment).stdin(Stdio::piped()).spawn().unwrap();
    let (mut stdin, mut stdout, mut stderr) =
        (child.stdin.take().unwrap(), child.stdout.take().unwrap(), child.stderr.take().unwrap());
    thread::scope(|scope| {
        // A process that does not read its input to the end closes it, which is its right.
        scope.spawn(move || drop(stdin.write_all(input)));
        let stdout = scope.spawn(move || text_of(&mut stdout));
        let stderr = scope.spawn(move || text_of(&mut stderr));
        let status = wait(&mut child, PATIENCE);
        let took = started.elapsed();
        let (stdout, stderr) = (stdout.join().unwrap(), stderr.join().unwrap());
        Outcome { code: status.code(), stdout, stderr, took }
    })
}

/// The binary with a clean environment and its output captured.
pub(crate) fn command(arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_webhooks"));
    for variable in ["QASE_WEBHOOK_SECRET", "DEEPSOURCE_WEBHOOK_SECRET", "MONITORQA_WEBHOOK_TOKEN"] {
        for ending in ["", "_FILE", "_PREVIOUS", "_PREVIOUS_FILE"] {
            command.env_remove(format!("{variable}{ending}"));
        }
    }
    for variable in ["WEBHOOKS_INBOX", "WEBHOOKS_INBOX_FILE", "RUST_LOG", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    command.args(arguments).envs(environment.iter().copied());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Waits for a process, and kills it when it takes too long.
pub(crate) fn wait(child: &mut Child, patience: Duration) -> ExitStatus {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if started.elapsed() > patience {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("the process did not end within {patience:?}");
        }
        thread::sleep(Duration::from_millis(5));
    }
}

fn text_of(stream: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

impl Outcome {
    /// Standard output as JSON lines.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Standard output as the one JSON line that it should be.
    pub(crate) fn line(&self) -> Value {
        let mut lines = self.lines();
        assert_eq!(lines.len(), 1, "{}", self.stdout);
        lines.remove(0)
    }
}
