//! The log on standard error, written without blocking: a stalled reader loses lines of the log, never a delivery.

use std::io::{self, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

/// The maximum number of lines that wait to be written. Further lines are counted and left out.
const MAX_WAITING_LINES: usize = 1_024;

/// How long the shutdown waits for lines that are not written yet.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(500);

static LOG: OnceLock<Log> = OnceLock::new();

/// The channel to the writing thread.
struct Log {
    lines: SyncSender<Vec<u8>>,
    sent: AtomicU64,
    dropped: AtomicU64,
}

static WRITTEN: AtomicU64 = AtomicU64::new(0);

/// Writes all tracing events to standard error, through a separate thread.
pub(crate) fn start(colored: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    let (lines, waiting) = mpsc::sync_channel::<Vec<u8>>(MAX_WAITING_LINES);
    let log = Log { lines, sent: AtomicU64::new(0), dropped: AtomicU64::new(0) };
    if LOG.set(log).is_err() {
        return;
    }
    thread::spawn(move || {
        for line in waiting {
            let mut error = io::stderr().lock();
            // Without standard error there is no way to report it.
            let _ = error.write_all(&line).and_then(|()| error.flush());
            WRITTEN.fetch_add(1, Ordering::Release);
        }
    });
    let printed = tracing_subscriber::fmt::layer()
        .with_target(false)
        .with_ansi(colored)
        .log_internal_errors(false)
        .with_writer(Lines)
        .with_filter(filter);
    let registry = tracing_subscriber::registry().with(printed);
    #[cfg(feature = "otlp")]
    let registry = registry.with(crate::otlp::layer().unwrap_or_else(|problem| {
        // A failure of the traces must not stop the receiver.
        say(&format!("warning: {problem}"));
        None
    }));
    registry.init();
}

/// A line for the operator, not a log event: it is always shown, and without a time.
pub(crate) fn say(text: &str) {
    send(format!("{text}\n").into_bytes());
}

/// Waits until all lines are written, up to a time limit.
pub(crate) fn flush() {
    let started = Instant::now();
    let sent = LOG.get().map_or(0, |log| log.sent.load(Ordering::Acquire));
    while WRITTEN.load(Ordering::Acquire) < sent && started.elapsed() < FLUSH_TIMEOUT {
        thread::sleep(Duration::from_millis(1));
    }
}

fn send(line: Vec<u8>) {
    let Some(log) = LOG.get() else { return };
    let dropped = log.dropped.swap(0, Ordering::Relaxed);
    let line = if dropped == 0 {
        line
    } else {
        [
            format!("({dropped} lines of the log were left out: standard error is not read)\n").into_bytes(),
            line,
        ]
        .concat()
    };
    match log.lines.try_send(line) {
        Ok(()) => drop(log.sent.fetch_add(1, Ordering::Release)),
        Err(_) => drop(log.dropped.fetch_add(dropped + 1, Ordering::Relaxed)),
    }
}

/// The writer of log events; each event is written at once.
struct Lines;

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        Self
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        send(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
