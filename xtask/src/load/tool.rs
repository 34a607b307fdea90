//! The tool as a process: its build, its address, its memory, its metrics.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::target::read_message;
use crate::vendor::workspace_root;

/// A process that ends with this value.
pub(super) struct Tool {
    child: Child,
    /// Where it listens, or where its page is.
    pub(super) address: SocketAddr,
}

/// Builds the tool, and says where it is.
pub(super) fn build() -> Result<PathBuf> {
    eprintln!("building the release of the tool");
    let status = Command::new("cargo")
        .args(["build", "--quiet", "--release", "--package", "webhook-cli"])
        .current_dir(workspace_root())
        .status()
        .context("failed to start cargo")?;
    ensure!(status.success(), "cargo build --release --package webhook-cli failed");
    Ok(workspace_root().join("target/release/webhooks"))
}

/// What `webhooks inbox check --json` counts at each sink.
pub(super) fn counts(program: &Path, inbox: &str) -> Result<BTreeMap<String, serde_json::Value>> {
    let output = Command::new(program).args(["inbox", "check", "--json", "--inbox", inbox]).output()?;
    ensure!(output.status.success(), "the store is not sound: {}", String::from_utf8_lossy(&output.stderr));
    let checked: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let sinks = checked.get("sinks").and_then(serde_json::Value::as_array).context("no sinks")?;
    let named = sinks.iter().filter_map(|sink| Some((sink.get("sink")?.as_str()?.to_owned(), sink.clone())));
    Ok(named.collect())
}

impl Tool {
    /// Starts it, and waits until it says where it is reached.
    pub(super) fn start(program: &Path, arguments: &[&str]) -> Result<Self> {
        let mut child = Command::new(program)
            .args(arguments)
            .env_remove("RUST_LOG")
            .env("DEEPSOURCE_WEBHOOK_SECRET", "")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("failed to start {}", program.display()))?;
        let stderr = child.stderr.take().context("no standard error")?;
        let mut lines = BufReader::new(stderr).lines().map_while(Result::ok);
        let mut said = String::new();
        let address = lines.by_ref().find_map(|line| {
            let rest =
                line.strip_prefix("listening on http://").or(line.strip_prefix("admin page on http://"));
            let address = rest.and_then(|rest| rest.split([' ', ',']).next()?.parse().ok());
            said.push_str(&line);
            address
        });
        // What it says later is shown, and never waited for.
        thread::spawn(move || lines.for_each(|line| eprintln!("{line}")));
        let tool = |address| Self { child, address };
        Ok(tool(address.with_context(|| format!("it did not start: {said}"))?))
    }

    /// The memory that it has in use.
    pub(super) fn resident_kib(&self) -> Result<u64> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = fs::read_to_string(&path).with_context(|| format!("failed to read {path}"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").trim().parse()?)
    }

    /// What is neither done nor given up at each of these sinks.
    pub(super) fn backlog<const N: usize>(&self, sinks: [&str; N]) -> Result<[u64; N]> {
        let metrics = self.get("/metrics")?;
        let number = |name: &str, sink: &str| -> u64 {
            let start = format!("webhooks_sink_{name}{{sink=\"{sink}\"}} ");
            metrics.lines().find_map(|line| line.strip_prefix(&start)?.parse().ok()).unwrap_or_default()
        };
        ensure!(metrics.contains("webhooks_inbox_up 1"), "the store cannot be read");
        Ok(sinks.map(|sink| number("pending", sink) + number("claimed", sink)))
    }

    fn get(&self, path: &str) -> Result<String> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        stream.write_all(
            format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").as_bytes(),
        )?;
        let answer = read_message(&mut BufReader::new(stream))?.context("no answer")?;
        Ok(String::from_utf8(answer.body)?)
    }
}

impl Drop for Tool {
    fn drop(&mut self) {
        // In good order, so that its end is a part of the run.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}
