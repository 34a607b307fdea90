//! The tables, their version, and whose schema it is.

use deadpool_postgres::ClientWrapper;

use crate::error::Error;

/// The schema of the database in which everything is.
pub(crate) const SCHEMA: &str = "webhook_inbox";

/// The version that this crate writes. Each step leads from the version of its place to the next.
pub(crate) const VERSION: i32 = 1;
const STEPS: [&str; 1] = [include_str!("schema.sql")];
const _: () = assert!(STEPS.len() == VERSION as usize, "one step per version");

/// What makes several processes that start at the same time wait for each other.
const LOCK: i64 = 0x5762_6849;

/// Creates the tables where there are none, and brings older ones up to date.
pub(crate) async fn migrate(client: &mut ClientWrapper, label: &str) -> Result<(), Error> {
    let failed = |error| super::failure(label, "create or migrate the tables", &error);
    let transaction = client.transaction().await.map_err(failed)?;
    // Given back at the end of the transaction, however it ends.
    transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await.map_err(failed)?;
    let found = transaction
        .query_one(
            "SELECT EXISTS(SELECT 1 FROM pg_namespace WHERE nspname = $1),
                    EXISTS(SELECT 1 FROM pg_tables WHERE schemaname = $1),
                    to_regclass($1 || '.meta') IS NOT NULL AND to_regclass($1 || '.dispatch') IS NOT NULL",
            &[&SCHEMA],
        )
        .await
        .map_err(failed)?;
    let (schema, tables, ours): (bool, bool, bool) = (found.get(0), found.get(1), found.get(2));
    if tables && !ours {
        return Err(Error::refused(format!(
            "{label} has a schema {SCHEMA} of another program: name a database of its own for the inbox"
        )));
    }
    let mut version: i32 = 0;
    if ours {
        let row =
            transaction.query_one("SELECT version FROM webhook_inbox.meta", &[]).await.map_err(failed)?;
        version = row.get(0);
    }
    if !(0..=VERSION).contains(&version) {
        return Err(Error::refused(format!(
            "{label} has schema version {version}, and this program knows versions up to {VERSION}: update the program"
        )));
    }
    if !schema {
        transaction.batch_execute("CREATE SCHEMA webhook_inbox").await.map_err(failed)?;
    }
    while let Some(step) = usize::try_from(version).ok().and_then(|version| STEPS.get(version)) {
        transaction.batch_execute(step).await.map_err(failed)?;
        version += 1;
    }
    transaction.execute("UPDATE webhook_inbox.meta SET version = $1", &[&VERSION]).await.map_err(failed)?;
    transaction.commit().await.map_err(failed)
}
