//! The store in PostgreSQL: any number of receivers and consumers on one database.

mod clock;
mod connect;
mod lent;
mod put;
mod query;
mod schema;
mod settle_in;
mod upkeep;
mod work;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{RwLock, Semaphore};
use tokio::time::timeout;
use tokio_postgres::error::SqlState;

use self::clock::Clock;
use self::lent::Connections;
use self::put::Put;
pub(crate) use self::settle_in::settle_in;
use super::{Answer, Claim, Claimed, Lease, Settled, Start, Steps, Store};
use crate::counts::SinkCounts;
use crate::error::Error;
use crate::filter::Filter;
use crate::health::Health;
use crate::new_delivery::NewDelivery;
use crate::options::Options;
use crate::prune::Prune;
use crate::stored::{Attempt, Kept, Row, Seq, StoredDelivery};

/// The time limit of an operation. It is shorter than the deadline of a delivery.
const WORK_TIMEOUT: Duration = Duration::from_millis(4500);
/// The time limit of an operation that reads everything.
const LONG_TIMEOUT: Duration = Duration::from_secs(60 * 60);
/// The time limit of an operation that reads a page or the figures of a page, for which a person waits.
const PAGE_TIMEOUT: Duration = Duration::from_secs(30);
/// The maximum number of connections for operations that may take long. The others are for storing and claiming.
const MAX_LONG_WORK: usize = 4;
const _: () = assert!(MAX_LONG_WORK < connect::MAX_CONNECTIONS, "connections are left");
/// The number of attempts for a batch that the server aborts because of a deadlock.
const MAX_TRIES: usize = 3;

pub(crate) struct PostgresStore {
    connections: Connections,
    clock: Clock,
    long_work: Semaphore,
    /// Shared by all operations that are under way.
    under_way: RwLock<()>,
}

/// An operation on a connection: `work!(store, client, now => expression)`.
macro_rules! work {
    ($store:expr, $what:literal, $client:ident, $now:ident => $work:expr) => {
        $store.in_time(WORK_TIMEOUT, async move {
            let lent = $store.connections.lend().await?;
            let (mut lent, $now) = $store.clock.now(lent, $what).await?;
            let $client = lent.client()?;
            let done = $work.await.map_err(|error| failure(&$store.connections.label, $what, &error))?;
            lent.give_back();
            Ok(done)
        })
    };
}

/// The same with another time limit, for an operation that may read everything. The server ends it at this limit, even if
/// nobody waits for it any more.
macro_rules! long_work {
    ($store:expr, $limit:expr, $what:literal, $client:ident, $now:ident => $work:expr) => {
        $store.in_time($limit, async move {
            // Before the connection, so that those who wait here leave the others alone.
            let _turn = $store.long_work.acquire().await;
            let lent = $store.connections.lend().await?;
            let (mut lent, $now) = $store.clock.now(lent, $what).await?;
            let $client = lent.client()?;
            let failed = |error| failure(&$store.connections.label, $what, &error);
            let limit = format!("SET statement_timeout = {}", $limit.as_millis());
            $client.batch_execute(&limit).await.map_err(failed)?;
            let done = $work.await.map_err(failed)?;
            $client.batch_execute(connect::SESSION).await.map_err(failed)?;
            lent.give_back();
            Ok(done)
        })
    };
}

impl PostgresStore {
    pub(crate) async fn open(url: &str, options: &Options) -> Result<Self, Error> {
        let connections = connect::connections(url)?;
        let clock = Clock::new(Arc::clone(&options.offset), connections.label.clone());
        let (long_work, under_way) = (Semaphore::new(MAX_LONG_WORK), RwLock::default());
        let store = Self { connections, clock, long_work, under_way };
        let mut lent = store.connections.lend().await?;
        let client = lent.client()?;
        if !store.in_time(WORK_TIMEOUT, schema::is_current(client, &store.connections.label)).await? {
            store.in_time(LONG_TIMEOUT, schema::migrate(client, &store.connections.label)).await?;
        }
        lent.give_back();
        Ok(store)
    }

    async fn in_time<T>(
        &self,
        time: Duration,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let late = |_| Err(Error::unavailable(format!("{} did not answer in time", self.connections.label)));
        let work = async {
            let _under_way = self.under_way.read().await;
            work.await
        };
        timeout(time, work).await.unwrap_or_else(late)
    }

    async fn put_once(&self, batch: &[NewDelivery]) -> Result<Vec<Kept>, Error> {
        match work!(self, "write", client, now => put::put(client, batch, now)).await? {
            Put::Stored(kept) => Ok(kept),
            Put::Expired => Err(Error::unavailable(format!(
                "{}: a key expired in the middle of a batch",
                self.connections.label
            ))),
            Put::NotDurable(fsync) => Err(Error::unavailable(format!(
                "{}: {}",
                self.connections.label,
                connect::not_durable("fsync", &fsync)
            ))),
        }
    }
}

impl Store for PostgresStore {
    fn put(&self, batch: Vec<NewDelivery>) -> Answer<'_, Vec<Kept>> {
        Box::pin(async move {
            let mut tries = 1;
            loop {
                match self.put_once(&batch).await {
                    Err(error) if tries < MAX_TRIES && is_deadlock(&error) => tries += 1,
                    outcome => return outcome,
                }
            }
        })
    }

    fn register(&self, sink: String, start: Start) -> Answer<'_, ()> {
        Box::pin(async move {
            let sink = &sink;
            work!(self, "write", client, now => work::register(client, sink, start, now)).await?;
            // In small steps, so that others do not wait. After a crash, the rest is done at the next registration.
            while work!(self, "write", client, now => work::backfill(client, sink, now)).await? {}
            Ok(())
        })
    }

    fn claim(&self, claim: Claim) -> Answer<'_, Vec<Claimed>> {
        Box::pin(async move { work!(self, "claim", client, now => work::claim(client, &claim, now)).await })
    }

    fn renew(&self, leases: Vec<Lease>, lease_time: Duration) -> Answer<'_, Vec<bool>> {
        Box::pin(async move {
            work!(self, "write", client, now => work::renew(client, &leases, lease_time, now)).await
        })
    }

    fn settle(&self, batch: Vec<Settled>) -> Answer<'_, Vec<bool>> {
        Box::pin(
            async move { work!(self, "write", client, now => work::settle(&**client, &batch, now)).await },
        )
    }

    fn pause(&self, sink: String, pause: Duration) -> Answer<'_, ()> {
        Box::pin(
            async move { work!(self, "write", client, now => work::pause(client, &sink, pause, now)).await },
        )
    }

    fn list(&self, filter: Filter, after: Option<Seq>, limit: usize) -> Answer<'_, Vec<Row>> {
        Box::pin(async move {
            long_work!(self, PAGE_TIMEOUT, "read", client, _now => query::list(client, &filter, after, limit))
                .await
        })
    }

    fn get(&self, seq: Seq) -> Answer<'_, Option<StoredDelivery>> {
        Box::pin(async move { work!(self, "read", client, _now => query::get(client, seq)).await })
    }

    fn attempts(&self, seq: Seq) -> Answer<'_, Vec<Attempt>> {
        Box::pin(async move { work!(self, "read", client, _now => query::attempts(client, seq)).await })
    }

    fn replay(&self, filter: Filter, sink: Option<String>) -> Answer<'_, u64> {
        Box::pin(async move {
            if let Some(sink) = &sink
                && !work!(self, "read", client, _now => query::is_sink(client, sink)).await?
            {
                return Err(Error::misuse(format!("no sink is called `{sink}`")));
            }
            let (mut changed, mut after) = (0, 0);
            loop {
                let (filter, sink) = (&filter, sink.as_deref());
                let piece =
                    long_work!(self, LONG_TIMEOUT, "replay", client, now => upkeep::replay(client, filter, sink, after, now)).await?;
                changed += piece.changed;
                match piece.next {
                    Some(next) => after = next,
                    None => return Ok(changed),
                }
            }
        })
    }

    fn prune(&self, prune: Prune) -> Answer<'_, u64> {
        Box::pin(async move {
            let (mut changed, mut after) = (0, 0);
            loop {
                let prune = &prune;
                let piece =
                    long_work!(self, LONG_TIMEOUT, "prune", client, now => upkeep::prune(client, prune, after, now))
                        .await?;
                changed += piece.changed;
                match piece.next {
                    Some(next) => after = next,
                    None => break,
                }
            }
            long_work!(self, LONG_TIMEOUT, "prune", client, now => upkeep::sweep(client, now)).await?;
            Ok(changed)
        })
    }

    fn counts(&self, finished: bool) -> Answer<'_, Vec<SinkCounts>> {
        Box::pin(async move {
            let limit = if finished { LONG_TIMEOUT } else { PAGE_TIMEOUT };
            long_work!(self, limit, "read", client, now => query::counts(client, finished, now)).await
        })
    }

    fn received(&self, steps: Steps) -> Answer<'_, Vec<u64>> {
        Box::pin(async move {
            long_work!(self, PAGE_TIMEOUT, "read", client, _now => query::received(client, steps)).await
        })
    }

    fn check(&self, deep: bool) -> Answer<'_, Health> {
        Box::pin(async move {
            long_work!(self, LONG_TIMEOUT, "check", client, _now => query::check(client, deep)).await
        })
    }

    fn close(&self) -> Answer<'_, ()> {
        Box::pin(async move {
            // After the operations that are under way. Each of them has a time limit.
            let _none = self.under_way.write().await;
            self.connections.pool.close();
            Ok(())
        })
    }
}

/// An error of the driver, with the server. Details of the server's message may contain values, so they are left out.
fn failure(label: &str, what: &str, error: &tokio_postgres::Error) -> Error {
    let said = match error.as_db_error() {
        Some(error) => Said { message: error.message().to_owned(), code: Some(error.code().clone()) },
        None => Said { message: reason(error), code: None },
    };
    Error::unavailable(format!("{label}: cannot {what}")).because(said)
}

/// The innermost cause, such as a refused connection or a certificate that is not trusted.
fn reason(error: &tokio_postgres::Error) -> String {
    let causes = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// A failure with the message of the server or the driver.
#[derive(Debug)]
struct Said {
    message: String,
    code: Option<SqlState>,
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)?;
        self.code.as_ref().map_or(Ok(()), |code| write!(f, " ({})", code.code()))
    }
}

impl std::error::Error for Said {}

fn is_deadlock(error: &Error) -> bool {
    let said = std::error::Error::source(error).and_then(|source| source.downcast_ref::<Said>());
    said.is_some_and(|said| said.code.as_ref() == Some(&SqlState::T_R_DEADLOCK_DETECTED))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Inbox;

    /// A page may be closed before it has its answer. The server does not find out, and must end the query by itself.
    #[tokio::test]
    async fn the_server_ends_every_statement_at_the_time_limit_of_its_operation() {
        let Some(url) = schema::server::database().await else { return };
        let store = &PostgresStore::open(&url, &Inbox::options()).await.unwrap();
        let sql = "SELECT current_setting('statement_timeout')";
        let short = work!(store, "read", client, _now => client.query_one(sql, &[])).await.unwrap();
        let page = long_work!(store, PAGE_TIMEOUT, "read", client, _now => client.query_one(sql, &[]));
        let page = page.await.unwrap();
        let long = long_work!(store, LONG_TIMEOUT, "read", client, _now => client.query_one(sql, &[]));
        let long = long.await.unwrap();
        assert_eq!([short, page, long].map(|row| row.get::<_, String>(0)), ["4s", "30s", "1h"]);
        let short = work!(store, "read", client, _now => client.query_one(sql, &[])).await.unwrap();
        assert_eq!(short.get::<_, &str>(0), "4s", "the same connection");
    }
}
