//! The time of the server, which all receivers and consumers share.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use deadpool_postgres::{ClientWrapper, Transaction};
use tokio::time::timeout;
use tokio_postgres::{Error as PgError, SimpleQueryMessage};

use super::lent::Lent;
use super::{LONG_TIMEOUT, WORK_TIMEOUT};
use crate::error::Error;
use crate::store::clock::{move_back, set_back};

/// How often the time is compared with the recorded time, and recorded.
const NOTED: Duration = Duration::from_secs(10);
/// The maximum difference between the clock of the server and the time since the last comparison. A larger one means
/// that the clock was set.
const DRIFT_MILLIS: i64 = 5_000;

#[derive(Clone)]
pub(crate) struct Clock(Arc<Inner>);

struct Inner {
    label: String,
    offset: Arc<AtomicI64>,
    noted: Mutex<Option<Noted>>,
    /// Held during a comparison, so that there is one at a time.
    comparison: Arc<tokio::sync::Mutex<()>>,
}

/// The time of a comparison.
#[derive(Clone, Copy)]
struct Noted {
    now: i64,
    at: Instant,
}

impl Clock {
    pub(crate) fn new(offset: Arc<AtomicI64>, label: String) -> Self {
        Self(Arc::new(Inner { label, offset, noted: Mutex::default(), comparison: Arc::default() }))
    }

    /// The time, in milliseconds since 1970. Stored times are adjusted before, if the clock was set back.
    ///
    /// Every operation reads the clock of the server. With a time from before the adjustment, it would take the leases of
    /// others for expired.
    pub(crate) async fn now(&self, mut lent: Lent, what: &'static str) -> Result<(Lent, i64), Error> {
        if let Some(now) = self.undisturbed(lent.client()?, what).await? {
            return Ok((lent, now));
        }
        let turn = Arc::clone(&self.0.comparison).lock_owned().await;
        // Another operation may have compared it meanwhile.
        if let Some(now) = self.undisturbed(lent.client()?, what).await? {
            return Ok((lent, now));
        }
        let clock = self.clone();
        // It goes on when the operation is given up: otherwise a long adjustment would be started again by every operation,
        // and never be committed.
        let comparison = tokio::spawn(async move {
            let _turn = turn;
            let now = clock.compare(lent.client()?, what).await?;
            *clock.0.noted.lock().unwrap_or_else(PoisonError::into_inner) =
                Some(Noted { now, at: Instant::now() });
            Ok((lent, now))
        });
        let stopped = || Error::unavailable(format!("{}: the runtime has ended", self.0.label));
        comparison.await.unwrap_or_else(|_| Err(stopped()))
    }

    /// The time, if it was compared a short time ago and the clock was not set since then.
    async fn undisturbed(&self, client: &ClientWrapper, what: &str) -> Result<Option<i64>, Error> {
        let noted = *self.0.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Noted { now: noted, at }) = noted.filter(|noted| noted.at.elapsed() < NOTED) else {
            return Ok(None);
        };
        let answer = client
            .simple_query("SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint")
            .await
            .map_err(|error| self.failed(what, &error))?;
        let read = answer.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0)?.parse::<i64>().ok(),
            _ => None,
        });
        let expected = noted + i64::try_from(at.elapsed().as_millis()).unwrap_or_default();
        let now = read.map(|server| server + self.offset());
        Ok(now.filter(|now| (now - expected).abs() <= DRIFT_MILLIS))
    }

    /// Compares the clock with the last time that any process has recorded, and records it.
    async fn compare(&self, client: &mut ClientWrapper, what: &str) -> Result<i64, Error> {
        let failed = |error| self.failed(what, &error);
        let late = |_| Error::unavailable(format!("{} did not answer in time", self.0.label));
        let started = timeout(WORK_TIMEOUT, read(client)).await.map_err(late)?;
        let (transaction, recorded, server) = started.map_err(failed)?;
        let now = server + self.offset();
        let back = set_back(recorded, now);
        // All of it or nothing, however long it takes: a time that is adjusted twice is wrong.
        let time = if back.is_some() { LONG_TIMEOUT } else { WORK_TIMEOUT };
        timeout(time, record(transaction, now, back)).await.map_err(late)?.map_err(failed)?;
        Ok(now)
    }

    fn offset(&self) -> i64 {
        self.0.offset.load(Ordering::Relaxed)
    }

    fn failed(&self, what: &str, error: &PgError) -> Error {
        super::failure(&self.0.label, what, error)
    }
}

/// Starts the transaction, for which all others wait. Returns the recorded time and the time of the server.
async fn read(client: &mut ClientWrapper) -> Result<(Transaction<'_>, i64, i64), PgError> {
    let transaction = client.transaction().await?;
    let row = transaction
        .query_one(
            "SELECT clock, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM webhook_inbox.meta FOR UPDATE",
            &[],
        )
        .await?;
    Ok((transaction, row.get(0), row.get(1)))
}

async fn record(transaction: Transaction<'_>, now: i64, back: Option<i64>) -> Result<(), PgError> {
    if let Some(back) = back {
        transaction.batch_execute("SET LOCAL statement_timeout = 0").await?;
        for statement in move_back("webhook_inbox.") {
            transaction.execute(&statement, &[&back, &now]).await?;
        }
    }
    transaction.execute("UPDATE webhook_inbox.meta SET clock = $1", &[&now]).await?;
    transaction.commit().await
}

#[cfg(test)]
mod tests {
    use super::super::{PostgresStore, schema};
    use super::*;
    use crate::Inbox;

    /// Most keys are unique for ever. The others must be found without reading all deliveries with their bodies.
    #[tokio::test]
    async fn an_adjustment_reads_only_what_it_may_change() {
        let Some(url) = schema::server::database().await else { return };
        drop(PostgresStore::open(&url, &Inbox::options()).await.unwrap());
        let client = schema::server::connect(&url).await;
        client
            .batch_execute(
                "INSERT INTO webhook_inbox.delivery(vendor, route, key, dedup_until, received_at, last_at, headers, body)
                 SELECT 'qase', '', 'id:' || number, CASE WHEN number % 100 = 0 THEN number END, 1, 1, '[]',
                        convert_to(repeat('x', 1500), 'UTF8')
                 FROM generate_series(1, 20000) AS number;
                 INSERT INTO webhook_inbox.dispatch(seq, sink, state, due_at)
                 SELECT seq, 'tickets', CASE WHEN seq % 100 = 0 THEN 0 ELSE 2 END, seq FROM webhook_inbox.delivery;
                 ANALYZE webhook_inbox.delivery, webhook_inbox.dispatch",
            )
            .await
            .unwrap();
        for statement in move_back("webhook_inbox.") {
            let explained =
                client.query(&format!("EXPLAIN {statement}"), &[&1_i64, &10_000_i64]).await.unwrap();
            let plan: Vec<String> = explained.iter().map(|line| line.get(0)).collect();
            let scans = |table: &str| plan.iter().any(|step| step.contains(&format!("Seq Scan on {table}")));
            assert!(!scans("delivery") && !scans("dispatch"), "{statement}: {plan:#?}");
        }
    }
}
