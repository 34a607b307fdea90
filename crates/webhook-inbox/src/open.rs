//! Opening an inbox at an address.

use std::sync::Arc;

use crate::error::Error;
use crate::inbox::Inbox;
use crate::options::Options;
use crate::store::Store;
use crate::store::sqlite::SqliteStore;

impl Options {
    /// Opens the inbox at `sqlite:FILE` or `postgres://…`; creates and migrates it if needed.
    ///
    /// Must be called inside a tokio runtime. The inbox works as long as that runtime exists.
    ///
    /// # Errors
    ///
    /// The address has an unknown scheme or one whose feature is missing, or the folder does not exist. Or the file or
    /// the schema belongs to another program or to a newer version, or the settings of the server are not durable.
    /// Nothing is created or changed then.
    pub async fn open(self, url: &str) -> Result<Inbox, Error> {
        let store = self.open_store(url).await?;
        Ok(Inbox::over(store, self))
    }

    /// Opens only the store at an address, for tests that inject faults.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open).
    #[doc(hidden)]
    pub async fn open_store(&self, url: &str) -> Result<Arc<dyn Store>, Error> {
        if let Some(rest) = url.strip_prefix("sqlite:") {
            return Ok(Arc::new(SqliteStore::open(rest, self).await?));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            #[cfg(feature = "postgres")]
            return Ok(Arc::new(crate::store::postgres::PostgresStore::open(url, self).await?));
            #[cfg(not(feature = "postgres"))]
            return Err(Error::refused(
                "postgres://… needs the feature `postgres` of webhook-inbox, which this program is built without",
            ));
        }
        // Only the scheme is printed: the rest may contain a password.
        let found = match url.split_once(':') {
            Some((scheme, _)) => format!("the scheme `{}`", crate::text::bounded(scheme, 32)),
            None => "no scheme".to_owned(),
        };
        Err(Error::refused(format!(
            "the address of an inbox is sqlite:FILE or postgres://.., but this one has {found}"
        )))
    }
}
