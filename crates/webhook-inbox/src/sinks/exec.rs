//! A command per delivery.

mod group;
mod output;

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::PathBuf;
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use bytes::Bytes;
use chrono::SecondsFormat;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use self::group::Group;
use self::output::Output;
use super::Sink;
use crate::consumer::{Context, Outcome};
use crate::stored::StoredDelivery;

/// The default time limit of a command.
pub const EXEC_TIMEOUT: Duration = Duration::from_secs(60);

/// The variables that every command inherits, in addition to the configured ones. Other variables may be secrets that
/// it does not need.
pub const INHERITED_VARIABLES: [&str; 8] =
    ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "SYSTEMROOT"];

/// The time between the signals to terminate and to kill.
const TERMINATE_GRACE: Duration = Duration::from_secs(2);

/// How long to continue reading after a command has ended, because its child processes may keep the output open.
const OUTPUT_GRACE: Duration = Duration::from_millis(200);

/// Runs a command for each delivery, without a shell. The payload is its standard input, and the metadata of the
/// delivery is in its environment. Exit status 0 is success; after any other status the delivery is retried.
///
/// The variables: `WEBHOOK_VENDOR`, `WEBHOOK_EVENT`, `WEBHOOK_KEY`, `WEBHOOK_ACCOUNT`, `WEBHOOK_ROUTE`, `WEBHOOK_SEQ`,
/// `WEBHOOK_SINK`, `WEBHOOK_ATTEMPT`, `WEBHOOK_OCCURRED_AT`, `WEBHOOK_RECEIVED_AT`. A variable without a value is not
/// set. From this process the command gets only [`INHERITED_VARIABLES`] and the variables named with
/// [`variable`](Self::variable).
///
/// The end of its standard output and error is the note of the attempt. After the time limit the command and all
/// processes that it started are ended. A process that it leaves running continues, with its output closed.
#[derive(Debug, Clone)]
pub struct ExecSink {
    program: OsString,
    arguments: Vec<OsString>,
    directory: Option<PathBuf>,
    variables: Vec<OsString>,
    timeout: Duration,
}

impl ExecSink {
    /// A sink that runs this program: a path, or a name that is searched in `PATH`.
    pub fn new(program: impl Into<OsString>) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            directory: None,
            variables: Vec::new(),
            timeout: EXEC_TIMEOUT,
        }
    }

    /// Adds these arguments for the program.
    #[must_use]
    pub fn arguments<A: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Runs the program in this folder instead of the working directory of this process.
    #[must_use]
    pub fn directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = Some(directory.into());
        self
    }

    /// Also passes this variable of this process to the program, if it is set.
    #[must_use]
    pub fn variable(mut self, name: impl Into<OsString>) -> Self {
        self.variables.push(name.into());
        self
    }

    /// Sets the time limit of the program.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    fn spawn(&self, context: &Context) -> io::Result<Child> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).env_clear().kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let inherited = INHERITED_VARIABLES.iter().map(OsStr::new);
        for name in inherited.chain(self.variables.iter().map(OsString::as_os_str)) {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        for (name, value) in facts(context) {
            if let Some(value) = value {
                // No variable can have a NUL in it.
                command.env(name, value.replace('\0', "\u{fffd}"));
            }
        }
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
        }
        // Signals of the terminal must reach only this process, which waits for the command.
        #[cfg(unix)]
        command.process_group(0);
        command.spawn()
    }
}

impl Sink for ExecSink {
    async fn deliver(&self, delivery: StoredDelivery, context: Context) -> Outcome {
        let mut child = match self.spawn(&context) {
            Ok(child) => child,
            Err(error) => {
                let program = self.program.display();
                return Outcome::retry().note(format!("failed to start {program}: {error}"));
            }
        };
        let mut group = Group::of(&child);
        let mut output = Output::default();
        let Ok(ended) = timeout(self.timeout, attend(&mut child, delivery.body, &mut output)).await else {
            group.terminate();
            let _ = timeout(TERMINATE_GRACE, child.wait()).await;
            // Processes that ignore the first signal, and the child processes of the command.
            group.kill();
            let _ = child.wait().await;
            return output.note_to(
                Outcome::retry(),
                Some(&format!("terminated at its time limit of {:?}", self.timeout)),
            );
        };
        group.release();
        match ended {
            Ok(status) if status.success() => output.note_to(Outcome::done(), None),
            Ok(status) => output.note_to(Outcome::retry(), Some(&describe(status))),
            Err(error) => Outcome::retry().note(format!("failed to wait for the command: {error}")),
        }
    }
}

/// Writes the payload, reads the output, and waits for the end.
async fn attend(child: &mut Child, body: Bytes, output: &mut Output) -> io::Result<ExitStatus> {
    let (stdin, mut stdout, mut stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let mut write = pin!(async move {
        if let Some(mut stdin) = stdin {
            // A command may ignore its input.
            let _ = stdin.write_all(&body).await;
        }
    });
    let mut written = false;
    let (mut from_stdout, mut from_stderr) = ([0; 4096], [0; 4096]);
    let status = loop {
        tokio::select! {
            status = child.wait() => break status?,
            () = &mut write, if !written => written = true,
            read = read(&mut stdout, &mut from_stdout), if stdout.is_some() => output.take(&from_stdout, read, &mut stdout),
            read = read(&mut stderr, &mut from_stderr), if stderr.is_some() => output.take(&from_stderr, read, &mut stderr),
        }
    };
    let rest = async {
        while stdout.is_some() || stderr.is_some() {
            tokio::select! {
                read = read(&mut stdout, &mut from_stdout), if stdout.is_some() => output.take(&from_stdout, read, &mut stdout),
                read = read(&mut stderr, &mut from_stderr), if stderr.is_some() => output.take(&from_stderr, read, &mut stderr),
            }
        }
    };
    let _ = timeout(OUTPUT_GRACE, rest).await;
    Ok(status)
}

/// Reads what there is; nothing at the end.
async fn read(stream: &mut Option<impl tokio::io::AsyncRead + Unpin>, buffer: &mut [u8]) -> usize {
    match stream {
        Some(stream) => stream.read(buffer).await.unwrap_or_default(),
        None => 0,
    }
}

fn facts(context: &Context) -> [(&'static str, Option<String>); 10] {
    let row = &context.delivery().row;
    let time = |time: chrono::DateTime<chrono::Utc>| time.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    [
        ("WEBHOOK_VENDOR", Some(row.vendor.clone())),
        ("WEBHOOK_EVENT", row.event.clone()),
        ("WEBHOOK_KEY", Some(row.key.clone())),
        ("WEBHOOK_ACCOUNT", row.account.clone()),
        ("WEBHOOK_ROUTE", Some(row.route.clone()).filter(|route| !route.is_empty())),
        ("WEBHOOK_SEQ", Some(row.seq.to_string())),
        ("WEBHOOK_SINK", Some(context.sink().to_owned())),
        ("WEBHOOK_ATTEMPT", Some(context.attempt().to_string())),
        ("WEBHOOK_OCCURRED_AT", row.occurred_at.map(time)),
        ("WEBHOOK_RECEIVED_AT", Some(time(row.received_at))),
    ]
}

/// `exit status 1`, or the signal.
fn describe(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("exit status {code}"),
        None => status.to_string(),
    }
}
