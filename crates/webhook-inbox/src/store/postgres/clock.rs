//! The time of the server, which all receivers and consumers share.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use deadpool_postgres::ClientWrapper;

use crate::store::clock::{move_back, set_back};

/// How long a reading of the server's clock is used. In between, the monotonic clock of this machine is added, which
/// cannot be set.
const READING: Duration = Duration::from_secs(10);

pub(crate) struct Clock {
    reading: Mutex<Option<Reading>>,
    offset: Arc<AtomicI64>,
}

#[derive(Clone, Copy)]
struct Reading {
    server: i64,
    at: Instant,
    offset: i64,
}

impl Clock {
    pub(crate) fn new(offset: Arc<AtomicI64>) -> Self {
        Self { reading: Mutex::new(None), offset }
    }

    /// The time, in milliseconds since 1970.
    pub(crate) async fn now(&self, client: &mut ClientWrapper) -> Result<i64, tokio_postgres::Error> {
        let offset = self.offset.load(Ordering::Relaxed);
        let reading = *self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(reading) =
            reading.filter(|reading| reading.offset == offset && reading.at.elapsed() < READING)
        {
            return Ok(reading.server
                + i64::try_from(reading.at.elapsed().as_millis()).unwrap_or_default()
                + offset);
        }
        let server = pass(client, offset).await?;
        let reading = Reading { server, at: Instant::now(), offset };
        *self.reading.lock().unwrap_or_else(PoisonError::into_inner) = Some(reading);
        Ok(server + offset)
    }
}

/// Reads the clock and compares it with the last time that any process has recorded.
async fn pass(client: &mut ClientWrapper, offset: i64) -> Result<i64, tokio_postgres::Error> {
    let transaction = client.transaction().await?;
    let row = transaction
        .query_one(
            "SELECT clock, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM webhook_inbox.meta FOR UPDATE",
            &[],
        )
        .await?;
    let (noted, server): (i64, i64) = (row.get(0), row.get(1));
    let now = server + offset;
    if let Some(back) = set_back(noted, now) {
        for statement in move_back("webhook_inbox.") {
            transaction.execute(&statement, &[&back, &now]).await?;
        }
    }
    transaction.execute("UPDATE webhook_inbox.meta SET clock = $1", &[&now]).await?;
    transaction.commit().await?;
    Ok(server)
}
