//! The tables, their version, and the check that the schema belongs to an inbox.

use deadpool_postgres::ClientWrapper;

use crate::error::Error;

/// The schema of the database that contains all tables.
pub(crate) const SCHEMA: &str = "webhook_inbox";

/// The version that this crate writes. Each step migrates from the version of its index to the next.
pub(crate) const VERSION: i32 = 1;
const STEPS: [&str; 1] = [include_str!("schema.sql")];
const _: () = assert!(STEPS.len() == VERSION as usize, "one step per version");

/// The lock for several processes that start at the same time.
const LOCK: i64 = 0x5762_6849;

/// Creates missing tables, and migrates older ones.
pub(crate) async fn migrate(client: &mut ClientWrapper, label: &str) -> Result<(), Error> {
    let failed = |error| super::failure(label, "create or migrate the tables", &error);
    let transaction = client.transaction().await.map_err(failed)?;
    // Released at the end of the transaction in every case.
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
            "{label} has a schema {SCHEMA} of another program: use a separate database for the inbox"
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
            "{label} has schema version {version}, and this program supports versions up to {VERSION}: update the program"
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
