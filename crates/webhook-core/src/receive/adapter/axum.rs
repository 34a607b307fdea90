//! axum, through axum-core: the part of axum that extractors are made of.

use std::error::Error;

use axum_core::RequestExt as _;
use axum_core::body::Body;
use axum_core::extract::{FromRef, FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::{Verified, report};
use crate::receive::authentication::Authenticated;
use crate::receive::receiver::Receiver;
use crate::receive::rejected::{Reason, Rejected};

impl<S, W> FromRequest<S> for Verified<W>
where
    S: Send + Sync,
    W: Authenticated,
    Receiver<W>: FromRef<S>,
{
    type Rejection = Rejected;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejected> {
        let receiver = Receiver::<W>::from_ref(state);
        let announced = least(request.body());
        let (head, body) = request.with_limited_body().into_parts();
        // A limited body announces its limit at most, so less than before means that the framework's is exceeded.
        let allowed = least(&body) >= announced && announced <= receiver.body_limit() as u64;
        let read = if allowed { read(body, receiver.body_limit()).await } else { Err(Reason::BodyTooLarge) };
        let delivery = match read {
            Ok(body) => receiver.accept(&head, body),
            Err(reason) => Err(Rejected::new(W::VENDOR, reason)),
        };
        delivery.map(Verified).inspect_err(report)
    }
}

impl IntoResponse for Rejected {
    fn into_response(self) -> Response {
        self.status().into_response()
    }
}

/// The fewest bytes that a body will have, by what its sender announced.
fn least(body: &Body) -> u64 {
    http_body::Body::size_hint(body).lower()
}

/// Reads a body up to the smaller of the receiver's limit and the framework's.
async fn read(body: Body, limit: usize) -> Result<Bytes, Reason> {
    let read = Limited::new(body, limit).collect().await;
    read.map(http_body_util::Collected::to_bytes).map_err(|error| reason(&*error))
}

/// Both limits end in the same error, one of them behind axum's own.
fn reason(error: &(dyn Error + 'static)) -> Reason {
    let mut causes = std::iter::successors(Some(error), |&error| error.source());
    if causes.any(<dyn Error>::is::<LengthLimitError>) {
        Reason::BodyTooLarge
    } else {
        Reason::BodyUnreadable
    }
}
