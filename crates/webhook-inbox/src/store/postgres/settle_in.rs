//! Settling a delivery in a transaction of the user.

use tokio_postgres::Transaction;

use crate::error::Error;
use crate::store::{End, Lease, Settled};

/// Records in a transaction that a delivery was handled. Returns whether its lease was still held.
pub(crate) async fn settle_in(transaction: &Transaction<'_>, lease: Lease) -> Result<bool, Error> {
    let failed = |error| super::failure("the transaction", "record the outcome", &error);
    // The lease is compared with the server's clock, and the row is locked from here to the commit.
    let row = transaction
        .query_one("SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint", &[])
        .await
        .map_err(failed)?;
    let now: i64 = row.get(0);
    let held =
        super::work::settle(transaction, &[Settled::new(lease, End::Done)], now).await.map_err(failed)?;
    Ok(held == [true])
}
