//! actix-web.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data};
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError};

use super::{Verified, report};
use crate::authentication::Authenticated;
use crate::head::Head;
use crate::receiver::Receiver;
use crate::rejected::{Reason, Rejected};

impl<W: Authenticated + 'static> FromRequest for Verified<W> {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        // The framework's own extractor respects the framework's own limit.
        let body = web::Bytes::from_request(&request, payload);
        Box::pin(async move {
            let receiver = Data::<Receiver<W>>::extract(&request).await?;
            let delivery = match body.await {
                Ok(body) => receiver.accept(Front(&request), body),
                Err(error) => Err(Rejected::new(W::VENDOR, reason(&error))),
            };
            delivery.map(Verified).map_err(|rejected| {
                report(&rejected);
                rejected.into()
            })
        })
    }
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
struct Front<'a>(&'a HttpRequest);

impl Head for Front<'_> {
    fn each_header(&self, visit: &mut dyn FnMut(&str, &[u8])) {
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
