//! The store in one SQLite file: WAL mode, `synchronous=FULL`, one thread that writes.

#[cfg(test)]
mod abandoned;
mod clock;
mod file;
mod limit;
mod put;
mod query;
mod schema;
mod upkeep;
mod work;
mod writer;

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::task::spawn_blocking;

use self::limit::Limit;
use self::upkeep::Piece;
use self::writer::Writer;
use super::{Answer, Claim, Claimed, Lease, Settled, Start, Steps, Store, millis};
use crate::counts::SinkCounts;
use crate::error::Error;
use crate::filter::Filter;
use crate::health::Health;
use crate::new_delivery::NewDelivery;
use crate::options::Options;
use crate::prune::Prune;
use crate::stored::{Attempt, Kept, Row, Seq, StoredDelivery};

pub(crate) struct SqliteStore {
    path: PathBuf,
    writer: Arc<Writer>,
    /// Readers and the writer do not wait for each other.
    reader: Arc<Mutex<Option<Connection>>>,
    offset: Arc<AtomicI64>,
    limit: Arc<Limit>,
}

impl SqliteStore {
    /// Opens the file that is named after `sqlite:`, and creates it if it does not exist.
    pub(crate) async fn open(rest: &str, options: &Options) -> Result<Self, Error> {
        let path = file::path_of(rest)?;
        let (offset, settings) = (Arc::clone(&options.offset), file::Settings::of(options));
        let (path, opened) = blocking(move || {
            let path = file::prepare(&path)?;
            let opened = file::open(&path, settings)?;
            Ok((path, opened))
        })
        .await?;
        let writer = Arc::new(Writer::start(path.clone(), opened, settings, Arc::clone(&offset))?);
        let limit = Arc::new(Limit::of(options));
        Ok(Self { path, writer, reader: Arc::default(), offset, limit })
    }

    fn now(&self) -> i64 {
        millis(chrono::Utc::now()) + self.offset.load(Ordering::Relaxed)
    }

    async fn read<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (path, reader) = (self.path.clone(), Arc::clone(&self.reader));
        blocking(move || {
            let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
            let connection = match reader.take() {
                Some(connection) => connection,
                None => file::open_reader(&path)?,
            };
            let outcome =
                work(&connection).map_err(|error| failure(&path.display().to_string(), "read", error));
            // After a failure it is opened again.
            *reader = outcome.is_ok().then_some(connection);
            outcome
        })
        .await
    }

    /// Repeats a step, each in its own transaction, until nothing is left.
    async fn in_pieces<F>(&self, piece: F) -> Result<u64, Error>
    where
        F: Fn(&Connection, i64, i64) -> rusqlite::Result<Piece> + Send + Sync + 'static,
    {
        let piece = Arc::new(piece);
        let (mut changed, mut after) = (0, 0);
        loop {
            let work = Arc::clone(&piece);
            let done = self.writer.write(move |connection, now| work(connection, after, now)).await?;
            changed += done.changed;
            match done.next {
                Some(next) => after = next,
                None => return Ok(changed),
            }
        }
    }
}

impl Store for SqliteStore {
    fn put(&self, batch: Vec<NewDelivery>) -> Answer<'_, Vec<Kept>> {
        let limit = Arc::clone(&self.limit);
        Box::pin(self.writer.write(move |connection, now| limit.put(connection, &batch, now)))
    }

    fn register(&self, sink: String, start: Start) -> Answer<'_, ()> {
        Box::pin(async move {
            let name = sink.clone();
            self.writer.write(move |connection, now| work::register(connection, &name, start, now)).await?;
            // In small steps, so that deliveries are stored in between. After a crash, the rest is done at the next
            // registration.
            loop {
                let name = sink.clone();
                if !self.writer.write(move |connection, now| work::backfill(connection, &name, now)).await? {
                    return Ok(());
                }
            }
        })
    }

    fn claim(&self, claim: Claim) -> Answer<'_, Vec<Claimed>> {
        let work = move |connection: &Connection, now| work::claim(connection, &claim, now);
        Box::pin(self.writer.write_or_undo(work, work::release))
    }

    fn renew(&self, leases: Vec<Lease>, lease_time: Duration) -> Answer<'_, Vec<bool>> {
        Box::pin(self.writer.write(move |connection, now| work::renew(connection, &leases, lease_time, now)))
    }

    fn settle(&self, batch: Vec<Settled>) -> Answer<'_, Vec<bool>> {
        Box::pin(self.writer.write(move |connection, now| work::settle(connection, &batch, now)))
    }

    fn pause(&self, sink: String, pause: Duration) -> Answer<'_, ()> {
        Box::pin(self.writer.write(move |connection, now| work::pause(connection, &sink, pause, now)))
    }

    fn list(&self, filter: Filter, after: Option<Seq>, limit: usize) -> Answer<'_, Vec<Row>> {
        Box::pin(self.read(move |connection| query::list(connection, &filter, after, limit)))
    }

    fn get(&self, seq: Seq) -> Answer<'_, Option<StoredDelivery>> {
        Box::pin(self.read(move |connection| query::get(connection, seq)))
    }

    fn attempts(&self, seq: Seq) -> Answer<'_, Vec<Attempt>> {
        Box::pin(self.read(move |connection| query::attempts(connection, seq)))
    }

    fn replay(&self, filter: Filter, sink: Option<String>) -> Answer<'_, u64> {
        Box::pin(async move {
            if let Some(sink) = sink.clone() {
                let name = sink.clone();
                if !self.read(move |connection| query::is_registered(connection, &sink)).await? {
                    return Err(Error::misuse(format!("no sink is called `{name}`")));
                }
            }
            self.in_pieces(move |connection, after, now| {
                upkeep::replay(connection, &filter, sink.as_deref(), after, now)
            })
            .await
        })
    }

    fn prune(&self, prune: Prune) -> Answer<'_, u64> {
        Box::pin(async move {
            let pruned = self
                .in_pieces(move |connection, after, now| upkeep::prune(connection, &prune, after, now))
                .await?;
            self.in_pieces(|connection, _, now| upkeep::sweep(connection, now)).await?;
            Ok(pruned)
        })
    }

    fn counts(&self, finished: bool) -> Answer<'_, Vec<SinkCounts>> {
        let now = self.now();
        Box::pin(self.read(move |connection| query::counts(connection, finished, now)))
    }

    fn received(&self, steps: Steps) -> Answer<'_, Vec<u64>> {
        Box::pin(self.read(move |connection| query::received(connection, steps)))
    }

    fn check(&self, deep: bool) -> Answer<'_, Health> {
        let path = self.path.clone();
        // On a separate connection: a deep check takes long, and others must not wait for it.
        Box::pin(blocking(move || {
            let connection = file::open_reader(&path)?;
            upkeep::check(&connection, &path, deep)
                .map_err(|error| failure(&path.display().to_string(), "check", error))
        }))
    }

    fn close(&self) -> Answer<'_, ()> {
        let (writer, reader) = (Arc::clone(&self.writer), Arc::clone(&self.reader));
        Box::pin(blocking(move || {
            drop(reader.lock().unwrap_or_else(PoisonError::into_inner).take());
            writer.stop();
            Ok(())
        }))
    }
}

/// An error of SQLite, with the file.
fn failure(name: &str, what: &str, error: rusqlite::Error) -> Error {
    Error::unavailable(format!("{name}: cannot {what}")).because(error)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    spawn_blocking(work).await.unwrap_or_else(|error| {
        Err(Error::unavailable("the operation on the inbox was interrupted").because(error))
    })
}
