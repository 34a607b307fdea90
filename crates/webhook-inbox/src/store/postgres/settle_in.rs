//! Settling a delivery in a transaction of the user.

use crate::consumer::Context;
use crate::error::Error;
use crate::store::{End, Settled};

impl Context {
    /// Records in a transaction of the user that the delivery was handled. The writes of the handler and this record
    /// are committed together or not at all, so the effect happens exactly once.
    ///
    /// The transaction must belong to the database of the inbox. Commit it and return success from the handler. If it
    /// is not committed, the delivery is handled again.
    ///
    /// The transaction is a type of `tokio-postgres`, whose version is below 1, because the user passes a transaction
    /// of that crate. A breaking release of `tokio-postgres` requires a breaking release of this crate.
    ///
    /// # Errors
    ///
    /// The lease has expired, so another worker may be handling the delivery: roll the transaction back. Or the
    /// database failed.
    pub async fn settle_in(&self, transaction: &tokio_postgres::Transaction<'_>) -> Result<(), Error> {
        let failed = |error| super::failure("the transaction", "record the outcome", &error);
        // The lease is compared with the server's clock, and the row is locked from here to the commit.
        let row = transaction
            .query_one("SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint", &[])
            .await
            .map_err(failed)?;
        let now: i64 = row.get(0);
        let settled = Settled::new(self.lease().clone(), End::Done);
        let held = super::work::settle(transaction, &[settled], now).await.map_err(failed)?;
        if held != [true] {
            return Err(Error::lease_lost(format!(
                "delivery {} is no longer held by this worker of `{}`: roll back",
                self.seq(),
                self.sink()
            )));
        }
        self.mark_settled();
        Ok(())
    }
}
