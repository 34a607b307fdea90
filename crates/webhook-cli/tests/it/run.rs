//! `webhooks run`: the configuration is checked before anything starts, and every sink gets every delivery.
#![cfg(unix)]

mod configuration;
mod sinks;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, ExitStatus};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use webhook_core::Delivery;
use webhook_inbox::{Filter, Inbox, SinkCounts};

use crate::inbox::{Folder, with_inbox};
use crate::process;

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder with an inbox, a configuration and scripts.
pub(crate) struct Place(Folder);

impl Place {
    pub(crate) fn new(name: &str) -> Self {
        Self(Folder::new(&format!("run-{name}")))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn url(&self) -> String {
        format!("sqlite:{}", self.path("inbox.db").display())
    }

    /// Writes the configuration, in which `FOLDER` stands for the folder.
    pub(crate) fn configure(&self, text: &str) -> String {
        let path = self.path("webhooks.toml");
        fs::write(&path, text.replace("FOLDER", &self.0.path().display().to_string())).unwrap();
        path.display().to_string()
    }

    /// Writes a script that works in this folder.
    pub(crate) fn script(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::write(&path, format!("#!/bin/sh\ncd '{}'\n{text}\n", self.0.path().display())).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path.display().to_string()
    }

    /// Keeps so many deliveries, of which each has an id of its own.
    pub(crate) fn keep(&self, count: usize) {
        with_inbox(&self.url(), async |inbox| {
            for number in 0..count {
                let body = format!(
                    r#"{{"id":"{number}","type":"test.event","createdAt":1770705612,"data":{{"test":true}}}}"#
                );
                let delivery = Delivery::<deepsource_webhooks::Webhook>::from_unverified(body);
                inbox.keep(&delivery).await.unwrap();
            }
        });
    }

    /// Keeps a run that is completed.
    pub(crate) fn keep_run(&self) {
        with_inbox(&self.url(), async |inbox| {
            let samples = qase_webhooks::samples::all();
            let sample = samples.iter().find(|sample| sample.event() == "run.completed").unwrap();
            inbox.keep(&sample.delivery()).await.unwrap();
        });
    }

    /// Waits until a sink is so far.
    pub(crate) fn until(&self, sink: &str, is_so: impl Fn(&SinkCounts) -> bool) -> SinkCounts {
        with_inbox(&self.url(), async |inbox| {
            let started = Instant::now();
            loop {
                let counts = inbox.counts().await.unwrap();
                if let Some(counts) = counts.iter().find(|counts| counts.sink == sink && is_so(counts)) {
                    return counts.clone();
                }
                assert!(started.elapsed() < PATIENCE, "{counts:?}");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        })
    }

    /// The notes of all attempts of a sink.
    pub(crate) fn notes(&self, sink: &str) -> Vec<String> {
        with_inbox(&self.url(), async |inbox: &Inbox| {
            let mut notes = Vec::new();
            for row in inbox.list(&Filter::all(), None, 100).await.unwrap() {
                let attempts = inbox.attempts(row.seq).await.unwrap();
                let of_sink = attempts.into_iter().filter(|attempt| attempt.sink == sink);
                notes.extend(of_sink.map(|attempt| attempt.note.unwrap_or_default()));
            }
            notes
        })
    }

    /// Starts the command, and waits until its sinks run.
    pub(crate) fn run(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Running {
        let url = self.url();
        let arguments = [&["run", "--inbox", &url], arguments].concat();
        let mut child = process::command(&arguments, environment).spawn().unwrap();
        let stderr = child.stderr.take().unwrap();
        let (line, lines) = mpsc::channel();
        thread::spawn(move || BufReader::new(stderr).lines().try_for_each(|text| line.send(text.unwrap())));
        let mut running = Running { child, lines, seen: String::new() };
        running.wait_for("running ");
        running
    }
}

/// `webhooks run` as a process, which ends with the test.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
    seen: String,
}

impl Running {
    /// Waits for a line on standard error.
    pub(crate) fn wait_for(&mut self, start: &str) {
        loop {
            let line = self
                .lines
                .recv_timeout(PATIENCE)
                .unwrap_or_else(|_| panic!("no line `{start}`: {}", self.seen));
            let found = line.starts_with(start);
            self.seen += &line;
            self.seen.push('\n');
            if found {
                return;
            }
        }
    }

    pub(crate) fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(std::process::Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
    }

    /// Sends a signal again and again until the end; the status and standard error.
    pub(crate) fn insist(mut self, signal: &str) -> (ExitStatus, String) {
        let started = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            assert!(started.elapsed() < PATIENCE, "{}", self.seen);
            self.signal(signal);
            thread::sleep(Duration::from_millis(50));
        }
        self.remains()
    }

    /// Sends a signal, and waits for the end; the status and standard error.
    pub(crate) fn stop(self, signal: &str) -> (ExitStatus, String) {
        self.signal(signal);
        self.remains()
    }

    fn remains(mut self) -> (ExitStatus, String) {
        let status = process::wait(&mut self.child, PATIENCE);
        let rest: Vec<String> = self.lines.iter().collect();
        (status, std::mem::take(&mut self.seen) + &rest.join("\n"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
