//! `--save`: one file per delivery, in the form of a request that the other commands can read. It is on disk before the
//! delivery is acknowledged, unless an inbox has it already.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use hyper::header::HeaderName;
use hyper::http::request::Parts;
use tokio::sync::{Notify, Semaphore};
use tokio::time::sleep;
use webhook_core::Authentication;

use crate::vendor::Vendor;

/// Headers that are written, in addition to the signature of a vendor that signs the body. None of them is a
/// credential.
const HEADERS: [&str; 3] = ["content-type", "user-agent", "date"];

/// The maximum number of deliveries that are written at the same time, each with an open file.
pub(super) const MAX_CONCURRENT: usize = 64;

/// How long after a failure, and after a failed test, the folder is tested again.
const PROBE_INTERVAL: Duration = Duration::from_secs(1);

/// What a test of the folder writes. An empty file can be created also on a full disk.
const PROBE: [u8; 4096] = [0; 4096];

/// A folder of deliveries.
pub(super) struct Save {
    folder: Arc<Folder>,
    number: AtomicU64,
    concurrent: Arc<Semaphore>,
}

struct Folder {
    path: PathBuf,
    synced: bool,
    failing: AtomicBool,
    /// Notified at the first of several failures.
    failed: Notify,
}

impl Save {
    /// Uses a folder, which is created if it does not exist. If files are synced, a saved delivery survives a power cut.
    /// A task tests the folder after a failure, for as long as the runtime runs.
    ///
    /// # Errors
    ///
    /// The message names the folder.
    pub(super) fn to(path: &Path, synced: bool) -> io::Result<Self> {
        let named = |error: io::Error| {
            io::Error::new(error.kind(), format!("failed to use the folder {}: {error}", path.display()))
        };
        fs::create_dir_all(path).map_err(named)?;
        let folder =
            Folder { path: path.to_owned(), synced, failing: AtomicBool::new(false), failed: Notify::new() };
        folder.probe().map_err(named)?;
        if synced {
            // The folder itself and its parent folders may be new.
            let whole = path.canonicalize().map_err(named)?;
            // If a parent folder cannot be read, it existed before.
            for folder in whole.ancestors() {
                drop(sync_folder(folder));
            }
            sync_folder(path).map_err(named)?;
        }
        let folder = Arc::new(folder);
        tokio::spawn(Arc::clone(&folder).recover());
        Ok(Self { folder, number: AtomicU64::new(0), concurrent: Arc::new(Semaphore::new(MAX_CONCURRENT)) })
    }

    /// Writes a delivery; `false` if that failed, which is logged.
    pub(super) async fn save(
        &self,
        vendor: Vendor,
        received_at: DateTime<Utc>,
        head: &Parts,
        body: Bytes,
    ) -> bool {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        // Sorted by name, the files are in the order of their deliveries.
        let time = received_at.format("%Y%m%dT%H%M%S%.6fZ");
        let name = format!("{time}-{}-{}-{number}.http", vendor.name(), std::process::id());
        let (folder, front) = (Arc::clone(&self.folder), front(vendor, head, body.len()));
        // The semaphore is never closed.
        let turn = Arc::clone(&self.concurrent).acquire_owned().await;
        let written = tokio::task::spawn_blocking(move || {
            let outcome = write(&folder.path, &name, [&front, &body], folder.synced);
            drop(turn);
            outcome
        });
        let outcome = written.await.unwrap_or_else(|_| Err(io::Error::other("the writer stopped early")));
        match outcome {
            Ok(()) => {
                self.folder.works();
                true
            }
            Err(error) => {
                self.folder.fails(&error);
                false
            }
        }
    }

    /// Whether the last delivery was saved, or the folder was tested with success after it.
    pub(super) fn is_ready(&self) -> bool {
        !self.folder.failing.load(Ordering::Relaxed)
    }
}

impl Folder {
    fn works(&self) {
        if self.failing.swap(false, Ordering::Relaxed) {
            tracing::warn!(folder = %self.path.display(), "deliveries can be saved again");
        }
    }

    fn fails(&self, error: &io::Error) {
        if !self.failing.swap(true, Ordering::Relaxed) {
            let folder = self.path.display();
            tracing::error!(%folder, %error, "failed to save a delivery; deliveries are answered 503");
            self.failed.notify_one();
        }
    }

    /// Tests the folder after a failure, until it works. Otherwise a load balancer that sends nothing to a listener that
    /// is not ready would wait for ever, because only a delivery could show that the folder works.
    async fn recover(self: Arc<Self>) {
        loop {
            self.failed.notified().await;
            while self.failing.load(Ordering::Relaxed) {
                sleep(PROBE_INTERVAL).await;
                let folder = Arc::clone(&self);
                if matches!(tokio::task::spawn_blocking(move || folder.probe()).await, Ok(Ok(()))) {
                    self.works();
                }
            }
        }
    }

    /// Writes and removes a file.
    fn probe(&self) -> io::Result<()> {
        let path = self.path.join(format!(".probe-{}", std::process::id()));
        let written = fs::File::create(&path).and_then(|mut file| {
            file.write_all(&PROBE)?;
            if self.synced { file.sync_all() } else { Ok(()) }
        });
        let removed = fs::remove_file(&path);
        written.and(removed)
    }
}

/// The request line and the headers, without the token of a URL and without a secret.
fn front(vendor: Vendor, head: &Parts, length: usize) -> Vec<u8> {
    let mut front = format!("POST /{} HTTP/1.1\r\n", vendor.name()).into_bytes();
    let signature = match vendor.authentication() {
        Authentication::BodyHmac { header } => Some(header),
        _ => None,
    };
    let is_written = |name: &HeaderName| {
        HEADERS.contains(&name.as_str()) || signature.is_some_and(|signature| name == signature)
    };
    for (name, value) in head.headers.iter().filter(|(name, _)| is_written(name)) {
        front.extend_from_slice(name.as_str().as_bytes());
        front.extend_from_slice(b": ");
        front.extend_from_slice(value.as_bytes());
        front.extend_from_slice(b"\r\n");
    }
    front.extend_from_slice(format!("content-length: {length}\r\n\r\n").as_bytes());
    front
}

/// Writes a file atomically.
fn write(folder: &Path, name: &str, parts: [&[u8]; 2], synced: bool) -> io::Result<()> {
    let partial = folder.join(format!(".{name}.partial"));
    let written = fs::File::create_new(&partial).and_then(|mut file| {
        parts.into_iter().try_for_each(|part| file.write_all(part))?;
        if synced { file.sync_all() } else { Ok(()) }
    });
    let named = written.and_then(|()| fs::rename(&partial, folder.join(name)));
    let outcome = named.and_then(|()| if synced { sync_folder(folder) } else { Ok(()) });
    if outcome.is_err() {
        // The first error is the relevant one.
        let _ = fs::remove_file(&partial);
    }
    outcome
}

/// Syncs a folder, so that its names survive a power cut.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

/// On other systems a folder cannot be opened, and the system writes names when it writes files.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as on Unix")]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
