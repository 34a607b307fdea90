//! Connections that are lent to one operation each.

use std::time::Duration;

use deadpool_postgres::{ClientWrapper, HookError, Object, Pool, PoolError};
use tokio::runtime::Handle;
use tokio::time::timeout;
use tokio_postgres::{CancelToken, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::Error;

/// The time limit for a connection. It is shorter than the deadline of a delivery.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// The connections to one server.
pub(crate) struct Connections {
    pub(crate) pool: Pool,
    /// None without TLS.
    pub(crate) tls: Option<MakeRustlsConnect>,
    /// The address without its secrets.
    pub(crate) label: String,
}

/// A connection for one operation. Unless the operation succeeded, the connection is closed, because its state is not
/// known after a failure or a deadline, and what the server still does for it is cancelled.
pub(crate) struct Lent {
    object: Option<Object>,
    tls: Option<MakeRustlsConnect>,
}

impl Connections {
    pub(crate) async fn lend(&self) -> Result<Lent, Error> {
        let label = &self.label;
        match self.pool.get().await {
            Ok(object) => Ok(Lent { object: Some(object), tls: self.tls.clone() }),
            Err(PoolError::PostCreateHook(HookError::Message(message))) => {
                Err(Error::refused(format!("{label}: {message}")))
            }
            Err(PoolError::PostCreateHook(HookError::Backend(error)) | PoolError::Backend(error)) => {
                Err(super::failure(label, "connect", &error))
            }
            Err(error) => Err(Error::unavailable(format!("{label}: cannot connect")).because(error)),
        }
    }
}

impl Lent {
    /// The connection.
    pub(crate) fn client(&mut self) -> Result<&mut ClientWrapper, Error> {
        // It is present until it is returned.
        self.object.as_deref_mut().ok_or_else(|| Error::unavailable("the connection was given back"))
    }

    /// Returns it to the pool after a successful operation.
    pub(crate) fn give_back(mut self) {
        self.object = None;
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(client) = self.object.take().map(Object::take) else { return };
        // Closing the connection does not end a query. Without a runtime it ends at its time limit.
        if let Ok(runtime) = Handle::try_current()
            && !client.is_closed()
        {
            runtime.spawn(timeout(CONNECT_TIMEOUT, cancel(client.cancel_token(), self.tls.take())));
        }
    }
}

/// Asks the server to end what it does for a connection. It has a time limit if this fails.
async fn cancel(token: CancelToken, tls: Option<MakeRustlsConnect>) {
    let _ = match tls {
        Some(tls) => token.cancel_query(tls).await,
        None => token.cancel_query(NoTls).await,
    };
}
