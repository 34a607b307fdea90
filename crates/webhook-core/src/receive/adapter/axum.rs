//! axum, through axum-core, the part of axum for extractors.

use std::convert::Infallible;
use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum_core::RequestExt as _;
use axum_core::body::Body;
use axum_core::extract::{DefaultBodyLimit, FromRef, FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use http_body::{Frame, SizeHint};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::{Verified, report};
use crate::receive::delivery::Delivery;
use crate::receive::receiver::Receiver;
use crate::receive::rejected::{Reason, Rejected};
use crate::receive::scheme::Authenticated;

impl<S, W> FromRequest<S> for Verified<W>
where
    S: Send + Sync,
    W: Authenticated,
    Receiver<W>: FromRef<S>,
{
    type Rejection = Rejected;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejected> {
        verified(&Receiver::from_ref(state), request).await.map(Verified).inspect_err(report)
    }
}

impl IntoResponse for Rejected {
    fn into_response(self) -> Response {
        self.status().into_response()
    }
}

async fn verified<W: Authenticated>(
    receiver: &Receiver<W>,
    request: Request,
) -> Result<Delivery<W>, Rejected> {
    let (head, body) = request.into_parts();
    receiver.check_head(&head)?;
    let (head, set) = limit_set(head);
    let limit = receiver.max_body_bytes().min(set.unwrap_or(usize::MAX));
    let body = read(body, limit).await.map_err(|reason| Rejected::new(W::VENDOR, reason))?;
    receiver.accept(&head, body)
}

/// The limit that the application set with axum's `DefaultBodyLimit`; `None` for axum's default of 2 MiB, which is not
/// meant for webhooks.
fn limit_set(head: Parts) -> (Parts, Option<usize>) {
    let probe = Request::from_parts(head, Body::new(Endless)).with_limited_body();
    let limit = usize::try_from(least(probe.body())).unwrap_or(usize::MAX);
    let (head, _) = probe.into_parts();
    let extensions = head.extensions.len();
    // Setting a limit replaces the one that is set, or adds one.
    let mut probe = http::Request::from_parts(head, ());
    DefaultBodyLimit::disable().apply(&mut probe);
    let (head, ()) = probe.into_parts();
    let set = head.extensions.len() == extensions;
    (head, set.then_some(limit))
}

/// A body that announces more than any limit, to find the limit.
struct Endless;

impl http_body::Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(None)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::MAX)
    }
}

/// The minimum size of a body, by the length that its sender announced.
fn least(body: &Body) -> u64 {
    http_body::Body::size_hint(body).lower()
}

/// Reads a body up to a limit. A body with a larger announced length is not read.
async fn read(body: Body, limit: usize) -> Result<Bytes, Reason> {
    if least(&body) > limit as u64 {
        return Err(Reason::BodyTooLarge);
    }
    let read = Limited::new(body, limit).collect().await;
    read.map(http_body_util::Collected::to_bytes).map_err(|error| reason(&*error))
}

/// A limit set by a layer of the application causes the same error as ours, wrapped in axum's own.
fn reason(error: &(dyn Error + 'static)) -> Reason {
    let mut causes = std::iter::successors(Some(error), |&error| error.source());
    if causes.any(<dyn Error>::is::<LengthLimitError>) {
        Reason::BodyTooLarge
    } else {
        Reason::BodyUnreadable
    }
}
