//! The thread that writes. All waiting jobs share one transaction, and so one sync of the disk.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{clock, file};
use crate::error::Error;
use crate::store::millis;

/// The maximum number of jobs in a transaction.
const MAX_JOBS: usize = 256;

pub(crate) struct Writer {
    jobs: Mutex<Option<mpsc::Sender<Box<dyn Job>>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// An operation in a transaction that it may share with others.
trait Job: Send {
    fn run(&mut self, connection: &Connection, now: i64) -> rusqlite::Result<()>;
    /// Returns the result, after it is known whether the transaction is on disk. If nobody waits for it any more, returns
    /// the job that undoes the operation, if there is one.
    fn finish(self: Box<Self>, failure: Option<Error>) -> Option<Box<dyn Job>>;
}

/// Undoes an operation by its result.
type Undo<T> = fn(&Connection, T, i64) -> rusqlite::Result<()>;

struct Work<F, T> {
    task: Option<F>,
    outcome: Option<T>,
    undo: Option<Undo<T>>,
    reply: oneshot::Sender<Result<T, Error>>,
}

/// An operation that is to be undone, because its result reached nobody.
struct Unheard<T> {
    outcome: Option<T>,
    undo: Undo<T>,
}

impl Writer {
    /// Starts the thread with its connection.
    pub(crate) fn start(
        path: PathBuf,
        opened: file::Opened,
        settings: file::Settings,
        offset: Arc<AtomicI64>,
    ) -> Result<Self, Error> {
        let (jobs, queue) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("webhook-inbox".to_owned())
            .spawn(move || {
                let file::Opened { connection, file, log } = opened;
                let (connection, log) = (Some(connection), Some(log));
                Loop { path, connection, file, log, settings, offset }.run(&queue);
            })
            .map_err(|error| Error::unavailable("no thread for the writer of the inbox").because(error))?;
        Ok(Self { jobs: Mutex::new(Some(jobs)), thread: Mutex::new(Some(thread)) })
    }

    /// Runs an operation in a transaction and returns when it is on disk. If the future is dropped before the operation
    /// has begun, it is not run.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Connection, i64) -> rusqlite::Result<T> + Send + 'static,
    {
        self.run(work, None).await
    }

    /// The same for an operation that is undone if the future is dropped while it runs.
    pub(crate) async fn write_or_undo<T, F>(&self, work: F, undo: Undo<T>) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Connection, i64) -> rusqlite::Result<T> + Send + 'static,
    {
        self.run(work, Some(undo)).await
    }

    async fn run<T, F>(&self, work: F, undo: Option<Undo<T>>) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Connection, i64) -> rusqlite::Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Work { task: Some(work), outcome: None, undo, reply });
        let sent = match &*self.jobs.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(jobs) => jobs.send(job).is_ok(),
            None => false,
        };
        if !sent {
            return Err(Error::unavailable("the inbox is closed"));
        }
        answer.await.unwrap_or_else(|_| Err(Error::unavailable("the writer of the inbox has stopped")))
    }

    /// Ends the thread after the queued jobs.
    pub(crate) fn stop(&self) {
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

struct Loop {
    path: PathBuf,
    /// None after a failure, until the next job opens it again.
    connection: Option<Connection>,
    /// The identity of the open file.
    file: file::Identity,
    /// The identity of the open log. None after a failure, until the next job opens it again.
    log: Option<file::Identity>,
    settings: file::Settings,
    offset: Arc<AtomicI64>,
}

impl Loop {
    fn run(mut self, queue: &mpsc::Receiver<Box<dyn Job>>) {
        while let Ok(first) = queue.recv() {
            let mut jobs = vec![first];
            jobs.extend(queue.try_iter().take(MAX_JOBS - 1));
            self.commit(jobs);
        }
        if let Some(connection) = self.connection {
            // The log is moved into the file. If that fails, the data stays in the log and nothing is lost.
            let _ = connection.pragma_update(None, "wal_checkpoint", "truncate");
        }
    }

    /// The connection, opened again after a failure, and checked to write to the file at the path.
    fn connect(&mut self) -> Result<Connection, Error> {
        if let Err(error) = self.in_place() {
            self.connection = None;
            return Err(error);
        }
        if let Some(connection) = self.connection.take() {
            return Ok(connection);
        }
        let opened = file::open(&self.path, self.settings)?;
        self.log = Some(opened.log);
        Ok(opened.connection)
    }

    /// Fails if the file or its log is no longer the one that the connection writes to.
    fn in_place(&mut self) -> Result<(), Error> {
        let name = self.path.display();
        if file::identity(&self.path) != Some(self.file) {
            self.log = None;
            return Err(Error::unavailable(format!(
                "{name} was deleted or replaced while it was in use: restart the program to use the current file"
            )));
        }
        if self.log.is_some_and(|known| file::identity(&file::log_of(&self.path)) != Some(known)) {
            return Err(Error::unavailable(format!(
                "the log {name}-wal was deleted or replaced while it was in use: restart the program"
            )));
        }
        Ok(())
    }

    fn commit(&mut self, mut jobs: Vec<Box<dyn Job>>) {
        let now = millis(chrono::Utc::now()) + self.offset.load(Ordering::Relaxed);
        let connection = match self.connect() {
            Ok(connection) => connection,
            Err(error) => return fail(jobs, &error),
        };
        let (outcome, failures) = transact(&connection, &self.path, &mut jobs, now);
        if outcome.is_ok() {
            // It is checked before the result is returned.
            if let Err(error) = self.in_place() {
                // The data of a deleted log is moved to the file.
                let _ = connection.pragma_update(None, "wal_checkpoint", "truncate");
                return fail(jobs, &error);
            }
        }
        match outcome {
            Ok(()) => {
                self.connection = Some(connection);
                let finished = jobs.into_iter().zip(failures);
                let unheard: Vec<_> = finished.filter_map(|(job, failure)| job.finish(failure)).collect();
                if !unheard.is_empty() {
                    self.commit(unheard);
                }
            }
            // After a failed commit or sync the state of the connection is not known: it is opened again.
            Err(error) => {
                drop(connection);
                self.log = None;
                fail(jobs, &error);
            }
        }
    }
}

fn fail(jobs: Vec<Box<dyn Job>>, error: &Error) {
    for job in jobs {
        job.finish(Some(error.shared()));
    }
}

/// Runs the jobs in one transaction. Only a failed job is rolled back, unless its failure aborts the transaction.
fn transact(
    connection: &Connection,
    path: &Path,
    jobs: &mut [Box<dyn Job>],
    now: i64,
) -> (Result<(), Error>, Vec<Option<Error>>) {
    let name = path.display().to_string();
    let failed = |error| super::failure(&name, "write", error);
    let mut failures = Vec::with_capacity(jobs.len());
    let outcome = (|| {
        connection.execute_batch("BEGIN IMMEDIATE").map_err(failed)?;
        clock::pass(connection, now).map_err(failed)?;
        if let [job] = jobs {
            // Without a savepoint: for one, SQLite copies every page that it changes to a file.
            if let Err(error) = job.run(connection, now) {
                if connection.is_autocommit() {
                    return Err(failed(error));
                }
                failures.push(Some(failed(error)));
                return connection.execute_batch("ROLLBACK").map_err(failed);
            }
            failures.push(None);
            return connection.execute_batch("COMMIT").map_err(failed);
        }
        for job in jobs {
            connection.execute_batch("SAVEPOINT job").map_err(failed)?;
            let outcome = job.run(connection, now);
            if let Err(error) = outcome {
                if connection.is_autocommit() {
                    return Err(failed(error));
                }
                connection.execute_batch("ROLLBACK TO job").map_err(failed)?;
                failures.push(Some(failed(error)));
            } else {
                failures.push(None);
            }
            connection.execute_batch("RELEASE job").map_err(failed)?;
        }
        connection.execute_batch("COMMIT").map_err(failed)
    })();
    (outcome, failures)
}

impl<T, F> Job for Work<F, T>
where
    T: Send + 'static,
    F: FnOnce(&Connection, i64) -> rusqlite::Result<T> + Send,
{
    fn run(&mut self, connection: &Connection, now: i64) -> rusqlite::Result<()> {
        let task = self.task.take();
        // If nobody waits any more, an error was already reported.
        if let Some(task) = task.filter(|_| !self.reply.is_closed()) {
            self.outcome = Some(task(connection, now)?);
        }
        Ok(())
    }

    fn finish(self: Box<Self>, failure: Option<Error>) -> Option<Box<dyn Job>> {
        let answer = match (failure, self.outcome) {
            (Some(failure), _) => Err(failure),
            (None, Some(outcome)) => Ok(outcome),
            (None, None) => Err(Error::unavailable("the inbox did not run the operation")),
        };
        let outcome = Some(self.reply.send(answer).err()?.ok()?);
        Some(Box::new(Unheard { outcome, undo: self.undo? }))
    }
}

impl<T: Send> Job for Unheard<T> {
    fn run(&mut self, connection: &Connection, now: i64) -> rusqlite::Result<()> {
        self.outcome.take().map_or(Ok(()), |outcome| (self.undo)(connection, outcome, now))
    }

    fn finish(self: Box<Self>, _: Option<Error>) -> Option<Box<dyn Job>> {
        None
    }
}
