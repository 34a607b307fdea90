//! actix-web.

use std::future::{self, Future};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::dev::Payload;
use actix_web::error::{InternalError, PayloadError};
use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Data, PayloadConfig};
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError};
use futures_core::Stream;

use super::{Verified, report};
use crate::receive::delivery::Delivery;
use crate::receive::receiver::Receiver;
use crate::receive::rejected::{Reason, Rejected};
use crate::receive::request_head::RequestHead;
use crate::receive::scheme::Authenticated;

impl<W: Authenticated + 'static> FromRequest for Verified<W> {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let Some(receiver) = request.app_data::<Data<Receiver<W>>>().cloned() else {
            return Box::pin(future::ready(Err(unconfigured(W::VENDOR))));
        };
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            verified(&receiver, &request, payload).await.map(Verified).map_err(|rejected| {
                report(&rejected);
                rejected.into()
            })
        })
    }
}

async fn verified<W: Authenticated>(
    receiver: &Receiver<W>,
    request: &HttpRequest,
    payload: Payload,
) -> Result<Delivery<W>, Rejected> {
    let head = ActixHead(request);
    receiver.check_head(&head)?;
    let body = read(request, payload, receiver.max_body_bytes()).await;
    receiver.accept(&head, body.map_err(|reason| Rejected::new(W::VENDOR, reason))?)
}

/// Reads a body up to the receiver's limit, or up to the smaller one that the application set. A body with a larger
/// announced length is not read.
async fn read(request: &HttpRequest, payload: Payload, limit: usize) -> Result<web::Bytes, Reason> {
    if announced(request) > limit as u64 {
        return Err(Reason::BodyTooLarge);
    }
    let bounded = Box::pin(Bounded { payload, left: limit });
    let mut bounded: Payload = Payload::Stream { payload: bounded };
    let configured =
        request.app_data::<PayloadConfig>().is_some() || request.app_data::<Data<PayloadConfig>>().is_some();
    let read = if configured {
        web::Bytes::from_request(request, &mut bounded).await
    } else {
        // The framework's default of 256 KiB is not meant for webhooks.
        match web::Payload::from_request(request, &mut bounded).await {
            Ok(payload) => payload.to_bytes().await,
            Err(error) => Err(error),
        }
    };
    read.map_err(|error| reason(&error))
}

/// A body that ends in an error above the receiver's limit, even if the framework allows more.
struct Bounded {
    payload: Payload,
    left: usize,
}

impl Stream for Bounded {
    type Item = Result<web::Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let piece = ready!(Pin::new(&mut self.payload).poll_next(context));
        if let Some(Ok(bytes)) = &piece {
            match self.left.checked_sub(bytes.len()) {
                Some(left) => self.left = left,
                None => return Poll::Ready(Some(Err(PayloadError::Overflow))),
            }
        }
        Poll::Ready(piece)
    }
}

/// The length of the body that the sender announces.
fn announced(request: &HttpRequest) -> u64 {
    let length = request.headers().get(header::CONTENT_LENGTH);
    length.and_then(|length| length.to_str().ok()?.parse().ok()).unwrap_or_default()
}

/// The application has no receiver for this vendor. The framework's own error would expose internals to the sender.
fn unconfigured(vendor: &'static str) -> actix_web::Error {
    let message = "no receiver in the data of the application";
    tracing::error!(vendor, "{message}");
    InternalError::from_response(message, HttpResponse::InternalServerError().finish()).into()
}

impl ResponseError for Rejected {
    fn status_code(&self) -> StatusCode {
        // Two versions of one crate; every status of a rejection is valid in both.
        StatusCode::from_u16(self.status().as_u16()).unwrap_or(StatusCode::BAD_REQUEST)
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// The head of a request in actix-web's own types.
struct ActixHead<'a>(&'a HttpRequest);

impl RequestHead for ActixHead<'_> {
    fn each_header<'a>(&'a self, visit: &mut dyn FnMut(&'a str, &'a [u8])) {
        for (name, value) in self.0.headers() {
            visit(name.as_str(), value.as_bytes());
        }
    }

    fn target(&self) -> Option<&str> {
        self.0.uri().path_and_query().map(actix_web::http::uri::PathAndQuery::as_str)
    }
}

fn reason(error: &actix_web::Error) -> Reason {
    match error.as_error::<PayloadError>() {
        Some(PayloadError::Overflow) => Reason::BodyTooLarge,
        _ if error.as_response_error().status_code() == StatusCode::PAYLOAD_TOO_LARGE => Reason::BodyTooLarge,
        _ => Reason::BodyUnreadable,
    }
}
