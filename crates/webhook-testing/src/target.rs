//! The targets of a bench. A panic of the receiver is caught.

use std::fmt::{self, Display};
use std::future::{Future, poll_fn};
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::Poll;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use tower_service::Service;

/// A receiver under test.
///
/// Implemented for every function from a request to a status, for a tower service through [`tower`], and for a receiver
/// that listens on a socket through [`url`](crate::url()).
pub trait Target {
    /// The error if there is no answer.
    type Error: Display;

    /// Answers a request.
    fn call(&self, request: Request<Bytes>) -> impl Future<Output = Result<StatusCode, Self::Error>>;
}

impl<F, A, E> Target for F
where
    F: Fn(Request<Bytes>) -> A,
    A: Future<Output = Result<StatusCode, E>>,
    E: Display,
{
    type Error = E;

    fn call(&self, request: Request<Bytes>) -> impl Future<Output = Result<StatusCode, E>> {
        self(request)
    }
}

/// A tower service, made by [`tower`].
#[derive(Debug, Clone)]
pub struct Tower<S, B> {
    service: S,
    body: PhantomData<fn() -> B>,
}

/// A tower service as a target, such as an axum router. `B` is the body type that it accepts.
///
/// The trait is `Service` of tower-service 0.3, which axum, tonic and hyper share.
pub fn tower<S, B>(service: S) -> Tower<S, B> {
    Tower { service, body: PhantomData }
}

impl<S, B, A> Target for Tower<S, B>
where
    S: Service<Request<B>, Response = Response<A>> + Clone,
    S::Error: Display,
    B: From<Bytes>,
{
    type Error = S::Error;

    async fn call(&self, request: Request<Bytes>) -> Result<StatusCode, S::Error> {
        let mut service = self.service.clone();
        poll_fn(|context| service.poll_ready(context)).await?;
        service.call(request.map(B::from)).await.map(|response| response.status())
    }
}

/// The reason why there is no answer.
pub(crate) enum Instead {
    Panicked,
    /// The error of the target.
    Silent(String),
    /// The reason why there is no request.
    NotSent(String),
}

impl Display for Instead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panicked => f.write_str("a panic"),
            Self::Silent(error) => write!(f, "no answer ({error})"),
            Self::NotSent(why) => write!(f, "the request cannot be made: {why}"),
        }
    }
}

/// The answer of a target, or the reason why there is none.
pub(crate) async fn answer(target: &impl Target, request: Request<Bytes>) -> Result<StatusCode, Instead> {
    // The call itself and every step of its answer may panic. Neither is used after a panic.
    let mut answer = pin!(async { target.call(request).await });
    poll_fn(|context| {
        let step = catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(context)));
        step.map_or_else(
            |_| Poll::Ready(Err(Instead::Panicked)),
            |step| step.map(|answer| answer.map_err(|error| Instead::Silent(error.to_string()))),
        )
    })
    .await
}

/// Runs all at the same time, if the runtime allows it.
pub(crate) async fn all<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut futures: Vec<Pin<Box<F>>> = futures.into_iter().map(Box::pin).collect();
    let mut outputs: Vec<Option<F::Output>> = futures.iter().map(|_| None).collect();
    poll_fn(|context| {
        for (future, output) in futures.iter_mut().zip(&mut outputs).filter(|(_, output)| output.is_none()) {
            if let Poll::Ready(ready) = future.as_mut().poll(context) {
                *output = Some(ready);
            }
        }
        if outputs.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    outputs.into_iter().flatten().collect()
}
