//! The signals to stop: the first starts a graceful shutdown, the second ends the process.

use std::io;
use std::pin::pin;
use std::process;
use std::time::Duration;

use tokio::time::sleep;

use crate::listen::log;

/// How long after the first signal further ones are ignored. GNU `timeout` signals its child and then the process group,
/// and a terminal and its shell may both signal, so one request to stop can be two signals.
const REPEAT_TIME: Duration = Duration::from_millis(500);

/// Completes when the process gets a signal to stop. After [`REPEAT_TIME`], another signal ends the process at once.
///
/// # Errors
///
/// The signal handlers cannot be installed.
pub(crate) fn stop_signal() -> io::Result<impl Future<Output = ()> + Send + use<>> {
    let mut signals = signals()?;
    Ok(async move {
        signals.next().await;
        tokio::spawn(async move {
            let mut repeated = pin!(sleep(REPEAT_TIME));
            loop {
                tokio::select! {
                    () = &mut repeated => break,
                    () = signals.next() => {}
                }
            }
            signals.next().await;
            log::say("stopped at once, by a second signal");
            log::flush();
            process::exit(1);
        });
    })
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
fn signals() -> io::Result<Signals> {
    use tokio::signal::unix::{SignalKind, signal};

    Ok(Signals { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
}

#[cfg(unix)]
impl Signals {
    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "it can fail on other systems")]
fn signals() -> io::Result<Signals> {
    Ok(Signals)
}

#[cfg(not(unix))]
impl Signals {
    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
