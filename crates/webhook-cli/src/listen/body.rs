//! The body of a request, with limits for its size, its time, and the memory of all bodies together.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// How long a client may take to send its headers, and again to send its body. Shorter than any vendor waits.
pub(super) const READ_TIMEOUT: Duration = Duration::from_secs(8);

/// The memory for bodies that are not yet written or stored, in bytes. There is one such budget for requests that are
/// authenticated by their head, and one for requests that are authenticated by their body.
const MAX_BYTES_IN_FLIGHT: usize = 32 * 1024 * 1024;

/// The memory budget of all bodies together.
pub(super) struct Budget {
    authenticated: Arc<Semaphore>,
    unknown: Arc<Semaphore>,
}

/// The part of the budget that a body takes, for as long as the body is held.
pub(super) type Share = OwnedSemaphorePermit;

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Fault {
    TooLarge,
    Unreadable,
    TimedOut,
    /// The budget is used up.
    Busy,
}

impl Budget {
    pub(super) fn new() -> Self {
        let pool = || Arc::new(Semaphore::new(MAX_BYTES_IN_FLIGHT));
        Self { authenticated: pool(), unknown: pool() }
    }

    /// Reads a body of at most `limit` bytes. A larger announced length is rejected before the first byte.
    pub(super) async fn read(
        &self,
        body: Incoming,
        limit: usize,
        authenticated: bool,
    ) -> Result<(Bytes, Share), Fault> {
        if body.size_hint().lower() > limit as u64 {
            return Err(Fault::TooLarge);
        }
        let pool = if authenticated { &self.authenticated } else { &self.unknown };
        timeout(READ_TIMEOUT, collect(body, limit, pool)).await.unwrap_or(Err(Fault::TimedOut))
    }
}

/// The budget is charged for received bytes, not for the announced length, which costs the sender nothing.
async fn collect(mut body: Incoming, limit: usize, pool: &Arc<Semaphore>) -> Result<(Bytes, Share), Fault> {
    let mut share = Arc::clone(pool).try_acquire_many_owned(0).map_err(|_| Fault::Busy)?;
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(limit);
    let mut first = Bytes::new();
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Fault::Unreadable)?;
        // Trailers are ignored: no vendor documents any.
        let Ok(data) = frame.into_data() else { continue };
        if first.len().max(whole.len()) + data.len() > limit {
            return Err(Fault::TooLarge);
        }
        let bytes = u32::try_from(data.len()).map_err(|_| Fault::TooLarge)?;
        share.merge(Arc::clone(pool).try_acquire_many_owned(bytes).map_err(|_| Fault::Busy)?);
        if first.is_empty() && whole.is_empty() {
            // Most bodies arrive in one chunk, which is not copied.
            first = data;
        } else {
            if whole.is_empty() {
                whole.reserve(announced.max(first.len() + data.len()));
                whole.extend_from_slice(&first);
            }
            whole.extend_from_slice(&data);
        }
    }
    Ok((if whole.is_empty() { first } else { whole.freeze() }, share))
}
